#include "harness/report/summary.h"

#include <algorithm>
#include <tuple>

namespace startle::report {

std::string reading_of(const Verdict& verdict) {
  std::string text(word(verdict.trust_model));
  if (verdict.store_model) text += ", " + std::string(word(*verdict.store_model)) + " store";
  return text;
}

void count(Summary& summary, VerdictKind kind) {
  switch (kind) {
    case VerdictKind::pass:
      ++summary.passed;
      return;
    case VerdictKind::fail:
      ++summary.failed;
      return;
    case VerdictKind::skip:
      ++summary.skipped;
      return;
    case VerdictKind::xfail:
      ++summary.expected_failures;
      return;
    case VerdictKind::xpass:
      ++summary.unexpected_passes;
      return;
    case VerdictKind::error:
      ++summary.errors;
  }
}

void Tally::add(const Verdict& verdict, const Finding& finding) {
  summary_.connections += verdict.connections;
  summary_.handshakes += verdict.handshakes;
  count(summary_, verdict.kind);
  if (verdict.kind != VerdictKind::fail) return;
  if (verdict.severity && (!worst_ || *verdict.severity > *worst_)) worst_ = verdict.severity;
  Finding& folded = findings_.emplace(finding.id, finding).first->second;
  folded.severity = std::max(folded.severity, finding.severity);
  if (folded.cases++ == 0) folded.first_case = verdict.id;
}

std::vector<Finding> Tally::findings() const {
  std::vector<Finding> sorted;
  for (const auto& [id, finding] : findings_) sorted.push_back(finding);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Finding& a, const Finding& b) {
    return std::tuple(b.severity, b.cases) < std::tuple(a.severity, a.cases);
  });
  return sorted;
}

}  // namespace startle::report
