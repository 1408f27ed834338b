#include "cases/program/report_outputs.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "cases/program/commands.h"

namespace startle::program {
namespace {

// KIND or KIND=FILE.
struct Wanted {
  std::string said{};
  const report::ReportKind* kind = nullptr;
  std::optional<std::string> path{};  // nullopt: stdout
};

std::vector<Wanted> parse(const std::vector<std::string>& given) {
  std::vector<Wanted> all;
  for (const std::string& said : given) {
    const std::size_t equals = said.find('=');
    const std::string word = said.substr(0, equals);
    Wanted wanted{.said = said, .kind = report::report_kind(word)};
    if (wanted.kind == nullptr) {
      throw Error(Fault::usage,
                  "--report " + word + " is not one of: " + report::report_kind_words());
    }
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

void add_report_option(CommandLine& command, std::vector<std::string>& given) {
  command.option("--report", given, report::report_kind_words(" or ") + "; to stdout, or to FILE")
      .value("KIND[=FILE]")
      .each_time();
}

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
    text_given = text_given || wanted.kind->make == report::make_text_report;
    std::ostream& out = output.file ? *output.file : std::cout;
    report::TextOptions how = text;
    how.color = text.color && !output.file;
    output.report = wanted.kind->make(out, how);
    outputs.push_back(std::move(output));
  }
  if (!text_given) {
    Output output;
    output.report = report::make_text_report(stdout_taken ? std::cerr : std::cout, text);
    outputs.push_back(std::move(output));
  }
  return outputs;
}

bool is_replaced(const std::string& file, const std::vector<std::string>& given) {
  return std::ranges::any_of(parse(given), [&](const Wanted& wanted) {
    std::error_code none;
    return wanted.path && std::filesystem::equivalent(file, *wanted.path, none);
  });
}

void end_reports(const std::vector<Output>& outputs, const report::RunEnd& end) {
  for (const Output& output : outputs) {
    output.report->end(end);
    if (output.file && !output.file->flush()) {
      throw Error(Fault::system, output.path + ": the report could not be written");
    }
  }
  if (!std::cout.flush()) throw Error(Fault::system, "the report could not be written to stdout");
}

report::Warning located_warning(const std::string& sentence) {
  for (std::size_t at = sentence.find(':'); at != std::string::npos;
       at = sentence.find(':', at + 1)) {
    const std::size_t end = sentence.find_first_not_of("0123456789", at + 1);
    if (end == std::string::npos || end == at + 1) continue;
    if (sentence.compare(end, 2, ": ") != 0) continue;
    return {.where = sentence.substr(0, end), .text = sentence.substr(end + 2)};
  }
  return {.text = sentence};
}

FailOn fail_on_of(const std::string& given) {
  if (given == "warning") return {.least = words::Severity::note, .warnings = true};
  if (const auto least = from_word<words::Severity>(given)) return {.least = *least};
  throw Error(Fault::usage, "--fail-on " + given + " is not one of: warning, " +
                                comma_separated(words::kSeverities));
}

int exit_code(const report::RunEnd& end, std::optional<words::Severity> worst,
              const FailOn& fail_on) {
  const report::Summary& summary = end.summary;
  const bool works = std::ranges::all_of(end.configurations, &report::ConfiguredServer::works);
  if (summary.unexpected_passes > 0 || (worst && *worst >= fail_on.least) || !works ||
      (fail_on.warnings && !end.warnings.empty())) {
    return kFindings;
  }
  const bool judged = summary.passed + summary.failed + summary.expected_failures > 0;
  return summary.errors > 0 || !judged ? kNotJudged : kAllAsExpected;
}

}  // namespace startle::program
