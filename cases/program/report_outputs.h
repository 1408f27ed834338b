#pragma once
// The reports that a command was asked for with --report, and what its exit code says of them.

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/program/command_line.h"
#include "harness/report/reports.h"
#include "harness/report/summary.h"
#include "harness/words/words.h"

namespace startle::program {

// A report and where it goes.
struct Output {
  std::unique_ptr<std::ofstream> file{};  // null: stdout
  std::string path{};
  std::unique_ptr<report::Report> report{};
};

// --report, whose values go to `given`.
void add_report_option(CommandLine& command, std::vector<std::string>& given);

// What a --report asks for.
struct WantedReport {
  std::string said{};  // KIND or KIND=FILE
  const report::ReportKind* kind = nullptr;
  std::optional<std::string> path{};  // nullopt: stdout, which at most one has
};
// Throws Error(Fault::usage): no such kind, or two that go to one place.
std::vector<WantedReport> wanted_reports(const std::vector<std::string>& given);
// Of one with a path. Throws Error(Fault::usage).
std::unique_ptr<std::ofstream> open_report_file(const WantedReport& wanted);

// One for each KIND or KIND=FILE of `given`, and the text: on stdout unless another report stands
// there, which at most one may. Throws Error(Fault::usage).
std::vector<Output> open_reports(const std::vector<std::string>& given,
                                 const report::TextOptions& text);

// Whether one of `given` will replace `file`.
bool is_replaced(const std::string& file, const std::vector<std::string>& given);

// Throws Error(Fault::system) when a file cannot be written.
void end_reports(const std::vector<Output>& outputs, const report::RunEnd& end);

// "FILE:LINE: TEXT" in its two parts, as reports carry it.
report::Warning located_warning(const std::string& sentence);

// What fails a run besides a configuration that cannot work.
struct FailOn {
  words::Severity least = words::Severity::wrong_reason;
  bool warnings = false;  // so does any warning
};
// --fail-on: a severity, or `warning`: any warning, and a finding of any severity. Throws
// Error(Fault::usage).
FailOn fail_on_of(const std::string& given);
inline constexpr const char* kFailOnHelp =
    "The least severity that fails the run: note, wrong-reason, false-refuse, false-accept, leak; "
    "or warning: any warning does, and any finding";

// kNotJudged when nothing was judged, or not all could be; findings, and a configuration that
// cannot work, outrank that.
int exit_code(const report::RunEnd& end, std::optional<words::Severity> worst,
              const FailOn& fail_on);

}  // namespace startle::program
