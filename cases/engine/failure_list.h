#pragma once
// Writes the failures of a run as a file of expected failures (expected_failures.h): a line for
// each, in the order in which they were run.

#include <filesystem>
#include <set>
#include <string>

#include "cases/engine/expected_failures.h"
#include "harness/base/output_file.h"
#include "harness/report/spool.h"
#include "harness/report/verdict.h"

namespace startle::cases {

// Expected failures keep their word and their reason. The file is written when the run has ended by
// itself; until then it stays as it is.
class FailureList final : public report::Report {
 public:
  // `expected`: what the run expects; null: nothing. It outlives this. Where it was read from
  // `file`, lines whose cases were not judged are kept. Throws Error(Fault::usage) where `file`
  // cannot be written.
  FailureList(std::filesystem::path file, const ExpectedFailures* expected, bool is_same_file);

  void add(const report::Verdict& verdict) override;
  void end(const report::RunEnd& end) override;  // throws Error(Fault::system)

 private:
  void write(std::string_view glob, std::string_view word, std::string_view reason);

  std::filesystem::path file_;
  OutputFile out_;
  const ExpectedFailures* expected_;
  bool is_same_file_;
  std::string id_{};               // of the last failure
  std::set<std::string> words_{};  // that were written of it
  report::Spool lines_{};
};

}  // namespace startle::cases
