#pragma once
// The reports that a command was asked for with --report, and what its exit code says of them.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/program/command_line.h"
#include "harness/base/output_file.h"
#include "harness/report/reports.h"
#include "harness/report/summary.h"
#include "harness/words/words.h"

namespace startle::program {

// A report and where it goes.
struct Output {
  std::unique_ptr<OutputFile> file{};  // null: stdout
  std::unique_ptr<report::Report> report{};
  // Of JSON Lines that are gone on with: all behind so many bytes goes, and the rest of the cases
  // is written there. Otherwise there is no such function.
  std::function<void(std::size_t bytes)> go_on{};
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
// Of one with a path; what is there stays until the report is whole. Throws Error(Fault::usage).
std::unique_ptr<OutputFile> open_report_file(const WantedReport& wanted);

// One for each KIND or KIND=FILE of `given`, and the text: on stdout unless another report stands
// there, which at most one may. JSON Lines are put in place with their first case. `gone_on_with`:
// a report in JSON Lines that is not replaced where it is among them. Throws Error(Fault::usage).
std::vector<Output> open_reports(const std::vector<std::string>& given,
                                 const report::TextOptions& text,
                                 const std::string& gone_on_with = "");

// "nothing was run: startle.xml is as it was before", of what stands where `given` wants reports;
// empty: nothing does.
std::string untouched_reports(const std::vector<std::string>& given);

// Whatever leads there, and whether it is there yet or not.
bool are_one_place(const std::string& a, const std::string& b);

// Whether one of `given` will replace `file`.
bool is_replaced(const std::string& file, const std::vector<std::string>& given);

// All but those that `left_out` says are written and put in place, whatever becomes of the others.
// Throws Error(Fault::system) when one cannot be written.
void end_reports(const std::vector<Output>& outputs, const report::RunEnd& end,
                 const std::function<bool(const report::Report*)>& left_out = {});

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
