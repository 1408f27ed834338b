#include "cases/program/report_outputs.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string_view>
#include <utility>

#include "cases/program/commands.h"

namespace startle::program {
namespace {

constexpr std::pair<std::string_view, std::string_view> kEndings[] = {
    {".xml", "junit"}, {".json", "json"},   {".jsonl", "jsonl"}, {".txt", "text"},
    {".log", "text"},  {".md", "markdown"}, {".sarif", "sarif"}};

// The kind of report that a file of this name would hold; empty: it is no name of a file.
std::string kind_of_file(const std::string& name) {
  for (const auto& [ending, kind] : kEndings) {
    if (name.ends_with(ending)) return std::string(kind);
  }
  return "";
}

// A name that a report of the kind `said` begins with may have.
std::string example_file(const std::string& said) {
  for (const auto& [ending, kind] : kEndings) {
    if (said.starts_with(std::string(kind) + "=")) return "startle" + std::string(ending);
  }
  return "startle";
}

[[noreturn]] void refuse_file(const std::string& said, const std::string& path) {
  const std::string option = "--report " + said;
  std::error_code ignored;
  if (path.empty()) {
    throw Error(Fault::usage, option + " names no file: write one behind the =, for example " +
                                  said + example_file(said));
  }
  if (std::filesystem::is_directory(path, ignored)) {
    throw Error(Fault::usage, option + ": " + path + " is a folder: name a file in it, " + said +
                                  (path.ends_with('/') ? "" : "/") + example_file(said));
  }
  throw Error(Fault::usage, option +
                                ": the file cannot be written: name one in a folder that is there "
                                "and that you may write to");
}

}  // namespace

std::vector<WantedReport> wanted_reports(const std::vector<std::string>& given) {
  std::vector<WantedReport> all;
  for (const std::string& said : given) {
    const std::size_t equals = said.find('=');
    const std::string word = said.substr(0, equals);
    WantedReport wanted{.said = said, .kind = report::report_kind(word)};
    if (wanted.kind == nullptr) {
      const std::string meant = equals == std::string::npos ? kind_of_file(said) : "";
      throw Error(
          Fault::usage,
          meant.empty()
              ? "--report " + word + " is not one of: " + report::report_kind_words()
              : "--report " + said + " states no kind: write --report " + meant + "=" + said);
    }
    if (equals != std::string::npos) wanted.path = said.substr(equals + 1);
    for (const WantedReport& before : all) {
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

std::unique_ptr<std::ofstream> open_report_file(const WantedReport& wanted) {
  auto file = std::make_unique<std::ofstream>(*wanted.path, std::ios::binary);
  if (!*file) refuse_file(wanted.said, *wanted.path);
  return file;
}

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
  for (const WantedReport& wanted : wanted_reports(given)) {
    Output output;
    if (wanted.path) {
      output.path = *wanted.path;
      output.file = open_report_file(wanted);
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
  return std::ranges::any_of(wanted_reports(given), [&](const WantedReport& wanted) {
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
