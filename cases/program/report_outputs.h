#pragma once
// The reports that a command was asked for with --report, and what its exit code says of them.

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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

// One for each KIND or KIND=FILE of `given`, and the text: on stdout unless another report stands
// there, which at most one may. Throws Error(Fault::usage).
std::vector<Output> open_reports(const std::vector<std::string>& given,
                                 const report::TextOptions& text);

// Throws Error(Fault::system) when a file cannot be written.
void end_reports(const std::vector<Output>& outputs, const std::vector<report::Finding>& findings,
                 const report::Summary& summary, double wall_s);

// kNotJudged when nothing was judged, or not all could be; findings outrank that.
int exit_code(const report::Summary& summary, std::optional<words::Severity> worst,
              words::Severity fail_on);

}  // namespace startle::program
