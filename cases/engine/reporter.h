#pragma once
// Where judgements go, in the order of the exchanges: what is expected to fail is told apart, all
// is added up, and each report gets them. A report that fails is left out from then on; the others
// go on.

#include <exception>
#include <set>
#include <vector>

#include "cases/engine/expected_failures.h"
#include "cases/engine/judge.h"
#include "harness/report/configuration.h"
#include "harness/report/summary.h"
#include "harness/report/verdict.h"

namespace startle::cases {

class Reporter {
 public:
  // `expected` may be null. Both outlive this.
  Reporter(ExpectedFailures* expected, std::vector<report::Report*> reports)
      : expected_(expected), reports_(std::move(reports)) {}

  // Where failures are expected, the readings of one case are handed on together.
  void add(Judgement&& judgement);
  // Of an earlier run, as its report has it: what is expected to fail was told apart by then.
  void add_known(Judgement&& judgement);
  // Those that wait for another reading of their case: there is none.
  void finish();
  // The same, but what waits may lack a reading, and is dropped.
  void break_off() { waiting_.clear(); }

  const report::Tally& tally() const { return tally_; }
  const report::Configurations& configurations() const { return configurations_; }
  // What the first report that failed has thrown; null: none did.
  const std::exception_ptr& failure() const { return failure_; }
  bool has_failed(const report::Report* report) const { return failed_.count(report) > 0; }

 private:
  void add(Judgement&& judgement, bool known);
  void hand_on(Judgement& judgement);

  ExpectedFailures* expected_;
  std::vector<report::Report*> reports_;
  report::Tally tally_{};
  report::Configurations configurations_{};
  std::exception_ptr failure_{};
  std::set<const report::Report*> failed_{};
  std::vector<Judgement> waiting_{};
  bool waiting_is_known_ = false;
};

}  // namespace startle::cases
