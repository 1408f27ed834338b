#include "cases/program/report_outputs.h"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string_view>
#include <utility>

#include "cases/program/commands.h"
#include "harness/base/error.h"

namespace startle::program {
namespace {

namespace fs = std::filesystem;

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
  if (fs::is_directory(path, ignored)) {
    throw Error(Fault::usage, option + ": " + path + " is a folder: name a file in it, " + said +
                                  (path.ends_with('/') ? "" : "/") + example_file(said));
  }
  throw Error(Fault::usage, option +
                                ": the file cannot be written: name one in a folder that is there "
                                "and that you may write to");
}

bool is_lines(const WantedReport& wanted) {
  return wanted.kind == report::report_kind("jsonl");
}

// JSON Lines as they come: whoever is killed leaves what was judged. An earlier report stays until
// there is a case.
class LinesInPlace final : public report::Report {
 public:
  explicit LinesInPlace(OutputFile& file)
      : file_(file), lines_(report::make_json_lines_report(file.stream())) {}
  void begin(const report::RunInfo& info) override { lines_->begin(info); }
  void add(const report::Verdict& verdict) override {
    lines_->add(verdict);
    std::exchange(is_in_place_, true) ? file_.check() : file_.put_in_place();
  }
  void end(const report::RunEnd& end) override { lines_->end(end); }

 private:
  OutputFile& file_;
  std::unique_ptr<report::Report> lines_;
  bool is_in_place_ = false;
};

// Those that are there stay, and the rest comes behind them.
class LinesThatGoOn final : public report::Report {
 public:
  explicit LinesThatGoOn(OutputFile& file)
      : file_(file), lines_(report::continue_json_lines_report(file.stream())) {}
  void begin(const report::RunInfo& info) override { lines_->begin(info); }
  void add(const report::Verdict& verdict) override {
    lines_->add(verdict);
    if (goes_on_) file_.check();
  }
  void end(const report::RunEnd& end) override { lines_->end(end); }
  void go_on(std::size_t bytes) {
    file_.cut(bytes);
    lines_->go_on();
    goes_on_ = true;
  }

 private:
  OutputFile& file_;
  std::unique_ptr<report::ContinuedReport> lines_;
  bool goes_on_ = false;
};

Output lines_in_place(const WantedReport& wanted) {
  Output output{.file = open_report_file(wanted)};
  output.report = std::make_unique<LinesInPlace>(*output.file);
  return output;
}

Output lines_that_go_on(const WantedReport& wanted) {
  Output output;
  try {
    output.file = std::make_unique<OutputFile>(*wanted.path, OutputFile::How::continued);
  } catch (const Error&) {
    refuse_file(wanted.said, *wanted.path);
  }
  auto lines = std::make_unique<LinesThatGoOn>(*output.file);
  output.go_on = [&lines = *lines](std::size_t bytes) { lines.go_on(bytes); };
  output.report = std::move(lines);
  return output;
}

// Of another name for it.
bool is_stdout(const std::string& path) {
  return !path.empty() && named_descriptor(path) == STDOUT_FILENO;
}

}  // namespace

bool are_one_place(const std::string& a, const std::string& b) {
  if (a == b || are_one_file(a, b)) return true;
  std::error_code none;
  if (fs::exists(a, none) || fs::exists(b, none)) return false;
  return fs::weakly_canonical(a, none) == fs::weakly_canonical(b, none);
}

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
    if (wanted.path && is_stdout(*wanted.path)) wanted.path.reset();
    if (wanted.path && is_file_of(STDOUT_FILENO, *wanted.path)) {
      throw Error(Fault::usage,
                  "--report " + said + " and stdout go to the same file: give each its own");
    }
    for (const WantedReport& before : all) {
      const bool both = wanted.path && before.path && are_one_place(*before.path, *wanted.path);
      const bool neither = !wanted.path && !before.path;
      if (!both && !neither) continue;
      throw Error(Fault::usage,
                  wanted.path ? "--report " + before.said + " and --report " + said +
                                    " go to the same file: give each its own"
                              : "only one --report can go to stdout: write --report KIND=FILE");
    }
    all.push_back(std::move(wanted));
  }
  return all;
}

std::unique_ptr<OutputFile> open_report_file(const WantedReport& wanted) {
  if (wanted.path->empty()) refuse_file(wanted.said, *wanted.path);
  try {
    return std::make_unique<OutputFile>(*wanted.path);
  } catch (const Error&) {
    refuse_file(wanted.said, *wanted.path);
  }
}

void add_report_option(CommandLine& command, std::vector<std::string>& given) {
  command.option("--report", given, report::report_kind_words(" or ") + "; to stdout, or to FILE")
      .value("KIND[=FILE]")
      .each_time();
}

std::vector<Output> open_reports(const std::vector<std::string>& given,
                                 const report::TextOptions& text, const std::string& gone_on_with) {
  std::vector<Output> outputs;
  bool stdout_taken = false;
  bool text_given = false;
  for (const WantedReport& wanted : wanted_reports(given)) {
    stdout_taken = stdout_taken || !wanted.path;
    text_given = text_given || wanted.kind->make == report::make_text_report;
    if (is_lines(wanted) && wanted.path) {
      const bool goes_on = !gone_on_with.empty() && are_one_file(gone_on_with, *wanted.path);
      outputs.push_back(goes_on ? lines_that_go_on(wanted) : lines_in_place(wanted));
      continue;
    }
    Output output;
    if (wanted.path) output.file = open_report_file(wanted);
    std::ostream& out = output.file ? output.file->stream() : std::cout;
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
    return wanted.path && are_one_place(file, *wanted.path);
  });
}

std::string untouched_reports(const std::vector<std::string>& given) {
  std::string files;
  std::size_t count = 0;
  try {
    for (const WantedReport& wanted : wanted_reports(given)) {
      std::error_code none;
      if (!wanted.path || !fs::is_regular_file(*wanted.path, none)) continue;
      if (fs::file_size(*wanted.path, none) == 0 || none) continue;
      files += (++count == 1 ? "" : ", ") + *wanted.path;
    }
  } catch (const Error&) {
    return "";  // what is wrong with them is what is said
  }
  if (count == 0) return "";
  return "nothing was run: " + files + (count == 1 ? " is as it was" : " are as they were") +
         " before";
}

void end_reports(const std::vector<Output>& outputs, const report::RunEnd& end,
                 const std::function<bool(const report::Report*)>& left_out) {
  std::exception_ptr failure;
  for (const Output& output : outputs) {
    if (left_out && left_out(output.report.get())) continue;
    try {
      output.report->end(end);
      if (output.file) output.file->finish();
    } catch (const Error&) {
      if (!failure) failure = std::current_exception();
    }
  }
  if (!std::cout.flush() && !failure) {
    throw Error(Fault::system, "the report could not be written to stdout");
  }
  if (failure) std::rethrow_exception(failure);
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
