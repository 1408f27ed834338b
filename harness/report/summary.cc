#include "harness/report/summary.h"

#include <algorithm>
#include <tuple>

namespace startle::report {

std::string reading_of(const Verdict& verdict) {
  std::string text(word(verdict.trust_model));
  if (verdict.store_model) text += ", " + std::string(word(*verdict.store_model)) + " store";
  return text;
}

std::vector<std::string> shortened(const std::vector<std::string>& lines, std::size_t most) {
  if (lines.size() <= most) return lines;
  const auto first = static_cast<std::ptrdiff_t>((most - 1) / 3);
  const auto last = static_cast<std::ptrdiff_t>(most - 1) - first;
  std::vector<std::string> few(lines.begin(), lines.begin() + first);
  few.push_back(".. (" + std::to_string(lines.size() - (most - 1)) + " more lines)");
  few.insert(few.end(), lines.end() - last, lines.end());
  return few;
}

bool is_note(const Verdict& verdict) {
  return verdict.kind == VerdictKind::fail && verdict.severity == words::Severity::note;
}

void count(Summary& summary, VerdictKind kind, std::optional<words::Severity> severity) {
  if (kind == VerdictKind::fail && severity == words::Severity::note) {
    ++summary.notes;
    return;
  }
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

std::string interrupted_text(const RunInfo& info, const RunEnd& end) {
  const Summary& s = end.summary;
  const std::size_t judged = s.passed + s.failed + s.notes + s.skipped + s.expected_failures +
                             s.unexpected_passes + s.errors;
  return "the run was interrupted: " + std::to_string(judged) + " of " +
         std::to_string(info.cases) + " cases were judged";
}

const Finding* Tally::add(const Verdict& verdict, const Finding& finding) {
  summary_.connections += verdict.connections;
  summary_.handshakes += verdict.handshakes;
  count(summary_, verdict.kind, verdict.severity);
  if (verdict.kind != VerdictKind::fail) return nullptr;
  if (verdict.severity && (!worst_ || *verdict.severity > *worst_)) worst_ = verdict.severity;
  const auto [found, is_new] = findings_.emplace(finding.id, finding);
  Finding& folded = found->second;
  folded.severity = std::max(folded.severity, finding.severity);
  if (is_new) begin(folded, verdict);
  ++folded.cases;
  // The same case under another trust model says nothing new.
  const auto& named = folded.further;
  if (verdict.id != folded.first_case && named.size() < kMostCasesNamed &&
      std::find(named.begin(), named.end(), verdict.id) == named.end()) {
    folded.further.push_back(verdict.id);
  }
  return is_new ? &folded : nullptr;
}

// One that was read from a report has these of its own: the verdict lost them on the way.
void Tally::begin(Finding& finding, const Verdict& verdict) {
  finding.cases = 0;
  finding.first_case = verdict.id;
  if (finding.requirements.empty() && finding.clauses.empty()) {
    finding.requirements = verdict.requirements;
  }
  if (finding.dialogue.empty()) finding.dialogue = verdict.dialogue;
  finding.dialogue = shortened(finding.dialogue, kMostLinesOfFinding);
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
