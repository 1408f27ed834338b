#include "cases/program/report_outputs.h"

#include <array>
#include <iostream>

#include "cases/program/commands.h"

namespace startle::program {
namespace {

enum class ReportKind { text, json, junit };
constexpr auto kReportKinds = word_table<ReportKind>({
    {ReportKind::text, "text"},
    {ReportKind::json, "json"},
    {ReportKind::junit, "junit"},
});
[[maybe_unused]] constexpr Words words_of(ReportKind) {
  return kReportKinds;
}

std::unique_ptr<report::Report> make_report(ReportKind kind, std::ostream& out,
                                            const report::TextOptions& text) {
  switch (kind) {
    case ReportKind::text:
      return report::make_text_report(out, text);
    case ReportKind::json:
      return report::make_json_report(out);
    case ReportKind::junit:
      break;
  }
  return report::make_junit_report(out);
}

// KIND or KIND=FILE.
struct Wanted {
  std::string said{};
  ReportKind kind = ReportKind::text;
  std::optional<std::string> path{};  // nullopt: stdout
};

std::vector<Wanted> parse(const std::vector<std::string>& given) {
  std::vector<Wanted> all;
  for (const std::string& said : given) {
    const std::size_t equals = said.find('=');
    Wanted wanted{.said = said,
                  .kind = option_word<ReportKind>("--report", said.substr(0, equals))};
    if (equals != std::string::npos) wanted.path = said.substr(equals + 1);
    for (const Wanted& before : all) {
      if (before.path != wanted.path) continue;
      throw Error(Fault::usage,
                  wanted.path ? "--report " + before.said + " and --report " + said +
                                    " go to the same file: give each its own"
                              : "only one --report can go to stdout: write --report KIND=FILE");
    }
    all.push_back(std::move(wanted));
  }
  return all;
}

}  // namespace

std::vector<Output> open_reports(const std::vector<std::string>& given,
                                 const report::TextOptions& text) {
  std::vector<Output> outputs;
  bool stdout_taken = false;
  bool text_given = false;
  for (const Wanted& wanted : parse(given)) {
    Output output;
    if (wanted.path) {
      output.path = *wanted.path;
      output.file = std::make_unique<std::ofstream>(output.path, std::ios::binary);
      if (!*output.file) {
        throw Error(Fault::usage, "--report " + wanted.said + ": the file cannot be written");
      }
    }
    stdout_taken = stdout_taken || !wanted.path;
    text_given = text_given || wanted.kind == ReportKind::text;
    std::ostream& out = output.file ? *output.file : std::cout;
    report::TextOptions how = text;
    how.color = text.color && !output.file;
    output.report = make_report(wanted.kind, out, how);
    outputs.push_back(std::move(output));
  }
  if (!text_given) {
    Output output;
    output.report = report::make_text_report(stdout_taken ? std::cerr : std::cout, text);
    outputs.push_back(std::move(output));
  }
  return outputs;
}

void end_reports(const std::vector<Output>& outputs, const std::vector<report::Finding>& findings,
                 const report::Summary& summary, double wall_s) {
  for (const Output& output : outputs) {
    output.report->end(findings, summary, wall_s);
    if (output.file && !output.file->flush()) {
      throw Error(Fault::system, output.path + ": the report could not be written");
    }
  }
  if (!std::cout.flush()) throw Error(Fault::system, "the report could not be written to stdout");
}

int exit_code(const report::Summary& summary, std::optional<words::Severity> worst,
              words::Severity fail_on) {
  if (summary.unexpected_passes > 0 || (worst && *worst >= fail_on)) return kFindings;
  const bool judged = summary.passed + summary.failed + summary.expected_failures > 0;
  return summary.errors > 0 || !judged ? kNotJudged : kAllAsExpected;
}

}  // namespace startle::program
