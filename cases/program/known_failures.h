#pragma once
// --expected-failures and --write-expected of `startle run`.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/engine/expected_failures.h"
#include "cases/engine/failure_list.h"
#include "cases/program/command_line.h"
#include "cases/program/run_request.h"

namespace startle::program {

void add_known_failures(CommandLine& run, RunRequest& request);

// nullopt: none are stated. Throws Error(Fault::input).
std::optional<cases::ExpectedFailures> expected_failures(const RunRequest& request);

// What is to be written; null: nothing. `expected` may be null. Throws Error(Fault::usage).
std::unique_ptr<cases::FailureList> failure_list(const RunRequest& request,
                                                 const cases::ExpectedFailures* expected);

// Tells of lines whose cases were all skipped, and adds that to the run's warnings.
void warn_of_skipped(const cases::ExpectedFailures& expected,
                     std::vector<report::Warning>& warnings);

}  // namespace startle::program
