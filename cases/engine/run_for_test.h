#pragma once
// Runs a plan as `startle run` does, and keeps what came of it.

#include <memory>
#include <string>
#include <vector>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/run.h"
#include "harness/report/reports.h"

namespace startle::cases {

struct Ran {
  std::vector<report::Verdict> verdicts{};
  RunResult result{};
};

// At kTestClock. `reports` are begun and ended.
Ran run_plan(const Plan& plan, const subject::Subject& subject, RunOptions options = {},
             const std::vector<report::Report*>& reports = {});

// Adds a failure to the running test for each verdict that is no pass.
void expect_all_pass(const Ran& ran);

// Every single case.
Plan plan_of_single_cases();
// `count` cells of matrix/trust, spread over all axes by `seed`.
Plan plan_of_cells(std::size_t count, std::uint64_t seed);

}  // namespace startle::cases
