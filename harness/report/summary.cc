#include "harness/report/summary.h"

#include <algorithm>
#include <cstdio>
#include <tuple>

namespace startle::report {

std::string reading_of(const Verdict& verdict) {
  std::string text(word(verdict.trust_model));
  if (verdict.store_model) text += ", " + std::string(word(*verdict.store_model)) + " store";
  return text;
}

void count(Summary& summary, Kind kind) {
  switch (kind) {
    case Kind::pass:
      ++summary.passed;
      return;
    case Kind::fail:
      ++summary.failed;
      return;
    case Kind::skip:
      ++summary.skipped;
      return;
    case Kind::xfail:
      ++summary.expected_failures;
      return;
    case Kind::xpass:
      ++summary.unexpected_passes;
      return;
    case Kind::error:
      ++summary.errors;
  }
}

void Tally::add(const Verdict& verdict, const Finding& finding) {
  summary_.connections += verdict.connections;
  summary_.handshakes += verdict.handshakes;
  count(summary_, verdict.kind);
  if (verdict.kind != Kind::fail) return;
  if (verdict.severity && (!worst_ || *verdict.severity > *worst_)) worst_ = verdict.severity;
  Finding& folded = findings_.emplace(finding.id, finding).first->second;
  folded.severity = std::max(folded.severity, finding.severity);
  folded.cases.push_back(verdict.id);
}

std::vector<Finding> Tally::findings() const {
  std::vector<Finding> sorted;
  for (const auto& [id, finding] : findings_) sorted.push_back(finding);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Finding& a, const Finding& b) {
    return std::tuple(b.severity, b.cases.size()) < std::tuple(a.severity, a.cases.size());
  });
  return sorted;
}

std::string iso_date(std::chrono::sys_seconds when) {
  using namespace std::chrono;
  const auto day = floor<days>(when);
  const year_month_day date(day);
  const hh_mm_ss time(when - day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text;
}

}  // namespace startle::report
