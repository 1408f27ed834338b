#pragma once
// --resume REPORT: what an earlier run, however it ended, has judged of the same exchanges, and so
// need not be run again.

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

#include "cases/engine/reporter.h"
#include "cases/engine/selection.h"
#include "harness/report/verdict.h"

namespace startle::program {

class EarlierReport {
 public:
  // In JSON or JSON Lines, these perhaps cut off. Throws Error(Fault::input).
  explicit EarlierReport(std::string file);

  // What it says of its run before the first case.
  const report::RunInfo& info() const { return info_; }
  // "json" or "jsonl", whatever its name.
  const std::string& kind() const { return kind_; }
  // Throws Error(Fault::usage) where the run that goes on would be another one.
  void check(const report::RunInfo& run) const;

  // Hands its cases on to `reporter`, and passes them over in `selection`, up to the first that is
  // to be run. `in_groups`: the readings of a case count together, and where the report lacks one
  // of them, they are all run. Throws Error(Fault::input) for a case that is not selected.
  void hand_on(cases::Selection& selection, cases::Reporter& reporter, bool in_groups);
  // How many these were, and where in the report, if it is one in JSON Lines, they end.
  std::size_t handed_on() const { return handed_on_; }
  std::size_t bytes() const { return bytes_; }

  // Behind the first that is to be run. The judgement of the next of `selection`, which it then has
  // passed over; nullopt: it is to be run.
  std::optional<cases::Judgement> next(cases::Selection& selection);
  // The same, whatever was run before it; nullopt: there are no more.
  std::optional<cases::Judgement> rest();

 private:
  void take(cases::Selection& selection, cases::Reporter& reporter, report::Verdict&& verdict,
            std::size_t offset);
  void end_group(cases::Reporter& reporter);
  void check_rest(cases::Selection& selection) const;

  std::string file_;
  std::string kind_{};
  report::RunInfo info_{};
  std::size_t handed_on_ = 0;
  std::size_t bytes_ = 0;
  bool in_groups_ = false;
  std::deque<report::Verdict> group_{};  // the last that was begun, and where
  std::size_t group_begins_ = 0;
  cases::Selection::Mark before_group_{};
  bool has_gap_ = false;                // one that was passed is to be run
  std::deque<report::Verdict> rest_{};  // behind it
};

}  // namespace startle::program
