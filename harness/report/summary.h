#pragma once
// Adds verdicts up: counts, and findings folded by cause.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/report/verdict.h"

namespace startle::report {

// It failed, and nobody is to be failed for it: a debatable point.
bool is_note(const Verdict& verdict);
// One more case of that kind.
void count(Summary& summary, VerdictKind kind, std::optional<words::Severity> severity);

// Of a run that did not end by itself: "the run was interrupted: 12 of 400 cases were judged".
std::string interrupted_text(const RunInfo& info, const RunEnd& end);

class Tally {
 public:
  // `finding`: what a failure belongs to, without its cases; ignored for anything but a failure.
  // The first of a cause gives the finding its words, and what was said in it. Returns the finding
  // of which this is the first; null: of none.
  const Finding* add(const Verdict& verdict, const Finding& finding);

  const Summary& summary() const { return summary_; }
  // Worst first, then by how many cases they have, then by id.
  std::vector<Finding> findings() const;
  // The worst severity of any failure; nullopt: there is none.
  std::optional<words::Severity> worst() const { return worst_; }

 private:
  static void begin(Finding& finding, const Verdict& verdict);

  Summary summary_{};
  std::map<std::string, Finding> findings_{};
  std::optional<words::Severity> worst_{};
};

}  // namespace startle::report
