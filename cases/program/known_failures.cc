#include "cases/program/known_failures.h"

#include <filesystem>
#include <iostream>
#include <system_error>

#include "cases/program/report_outputs.h"
#include "harness/base/error.h"

namespace startle::program {

void add_known_failures(CommandLine& run, RunRequest& request) {
  run.option("--expected-failures", request.expected_failures,
             "Failures that do not fail the run, a line each: CASE-GLOB ENDING|INVARIANT reason. A "
             "listed case that fails otherwise, or passes, does")
      .value("FILE");
  run.option("--write-expected", request.write_expected,
             "Write such a line for each failure of this run; may be the same file")
      .value("FILE");
}

std::optional<cases::ExpectedFailures> expected_failures(const RunRequest& request) {
  if (request.expected_failures.empty()) return std::nullopt;
  return cases::ExpectedFailures::read(request.expected_failures);
}

std::unique_ptr<cases::FailureList> failure_list(const RunRequest& request,
                                                 const cases::ExpectedFailures* expected) {
  const std::string& file = request.write_expected;
  if (file.empty()) return nullptr;
  std::error_code none;
  const bool is_same = std::filesystem::equivalent(file, request.expected_failures, none);
  auto list = std::make_unique<cases::FailureList>(file, expected, is_same);
  if (is_replaced(file, request.reports)) {
    throw Error(Fault::usage, "--write-expected " + file +
                                  ": a --report goes to the same file: give each its own");
  }
  return list;
}

void warn_of_skipped(const cases::ExpectedFailures& expected,
                     std::vector<report::Warning>& warnings) {
  for (report::Warning& one : expected.warnings()) {
    std::cerr << "startle: " << one.where << ": warning: " << one.text << '\n';
    warnings.push_back(std::move(one));
  }
}

}  // namespace startle::program
