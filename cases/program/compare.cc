// startle compare: what the same cases come to under different clients, versions and settings.

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "cases/engine/catalogue.h"
#include "cases/engine/glob.h"
#include "cases/program/commands.h"
#include "cases/program/interruption.h"
#include "cases/program/report_outputs.h"
#include "cases/program/run_inputs.h"
#include "cases/program/run_request.h"
#include "harness/report/comparison.h"
#include "harness/report/report_reader.h"
#include "harness/subject/subject.h"

namespace startle::program {
namespace {

struct Options {
  std::vector<std::string> what{};
  RunRequest run{};  // of each client: its `what` are the cases
};

// The two kinds of --report that a comparison can be written as.
struct ComparisonOutputs {
  bool json_on_stdout = false;
  std::vector<std::pair<std::string, std::unique_ptr<OutputFile>>> files{};  // by kind
};

// A report is a file of its own; a program, or a description of one in XML, is a client.
bool is_report(const std::string& what) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(what, none) || what.ends_with(".xml")) return false;
  return access(what.c_str(), X_OK) != 0;
}

// Who names a report that is not there is told so, and not which clients there are.
void refuse_missing_report(const std::string& what) {
  std::error_code none;
  const bool meant = what.ends_with(".json") || what.ends_with(".jsonl");
  if (!meant || std::filesystem::exists(what, none)) return;
  throw Error(Fault::input, what + ": there is no such file");
}

// Keeps what a run says until it is a column of the comparison.
class RunOfClient final : public report::Report {
 public:
  explicit RunOfClient(report::Comparison& comparison) : comparison_(comparison) {}
  void begin(const report::RunInfo& info) override { client_.run = info; }
  void add(const report::Verdict& verdict) override {
    if (!run_.add(verdict)) throw Error(Fault::internal, verdict.id + " was run twice");
  }
  void end(const report::RunEnd& end) override {
    client_.complete = end.complete;
    has_judged_ = end.summary.passed + end.summary.failed > 0;
    run_.finish(comparison_, client_);
  }
  bool has_judged() const { return has_judged_; }

 private:
  report::Comparison& comparison_;
  report::Compared client_{};
  report::ComparedRun run_{};
  bool has_judged_ = false;
};

bool selects(const std::vector<std::string>& globs, const std::string& id) {
  return globs.empty() || std::ranges::any_of(globs, [&](const std::string& glob) {
           return cases::glob_matches(glob, id);
         });
}

void add_report_of(const std::string& file, const std::vector<std::string>& globs,
                   report::Comparison& comparison) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(Fault::input, file + ": cannot be read: " + std::strerror(errno));
  report::ComparedRun run;
  const report::ReadReport read = report::read_report(
      in, file, [&](report::Verdict&& verdict, const report::ElementPlace& place) {
        if (!selects(globs, verdict.id) || run.add(verdict)) return;
        const std::string line = place.line == 0 ? "" : ":" + std::to_string(place.line);
        throw Error(Fault::input, file + line + ": `" + verdict.id + "` [" + reading_of(verdict) +
                                      "] stands there twice: each case counts once");
      });
  if (!read.complete) {
    std::cerr << "startle: " << file
              << ": is not complete: the run that wrote it was interrupted, and what it has not "
                 "come to is `not run`\n";
  }
  run.finish(comparison, {.run = read.info, .source = file, .complete = read.complete});
}

ComparisonOutputs outputs_of(const Options& options) {
  // Refuses what no command knows, and two reports of one file; what is written by `run` alone is
  // refused here.
  ComparisonOutputs outputs;
  for (const WantedReport& wanted : wanted_reports(options.run.reports)) {
    const std::string kind(wanted.kind->word);
    if (kind != "json" && kind != "text") {
      throw Error(Fault::usage, "--report " + wanted.said +
                                    ": `startle compare` writes text and json: for example "
                                    "--report json=compared.json");
    }
    if (!wanted.path) {
      outputs.json_on_stdout = kind == "json";
      continue;
    }
    std::vector<InputFile> inputs = input_files(options.run);
    for (const std::string& what : options.what) {
      if (is_report(what)) {
        inputs.push_back({"a report that is compared", what});
        continue;
      }
      RunRequest request = options.run;
      request.client = what;
      for (InputFile& one : input_files(request)) inputs.push_back(std::move(one));
    }
    refuse_to_replace({wanted}, inputs);
    outputs.files.emplace_back(kind, open_report_file(wanted));
  }
  return outputs;
}

void write(const report::Comparison& comparison, const std::string& kind, std::ostream& out) {
  if (kind == "json") {
    report::write_comparison_json(out, comparison, STARTLE_VERSION);
  } else {
    report::write_comparison_text(out, comparison);
  }
}

void write(const report::Comparison& comparison, const ComparisonOutputs& outputs) {
  for (const auto& [kind, file] : outputs.files) {
    write(comparison, kind, file->stream());
    file->finish();
  }
  const bool text_in_file =
      std::ranges::any_of(outputs.files, [](const auto& file) { return file.first == "text"; });
  if (outputs.json_on_stdout) write(comparison, "json", std::cout);
  if (!text_in_file) write(comparison, "text", outputs.json_on_stdout ? std::cerr : std::cout);
  if (!std::cout.flush()) throw Error(Fault::system, "the report could not be written to stdout");
}

int code_of(const report::Comparison& comparison, const FailOn& fail_on) {
  bool errors = false;
  for (const report::Compared& client : comparison.clients()) {
    const report::RunEnd end{.summary = client.summary};
    if (exit_code(end, client.worst, fail_on) == kFindings) return kFindings;
    errors = errors || client.summary.errors > 0;
  }
  return errors ? kNotJudged : kAllAsExpected;
}

int refuse(const std::string& why) {
  std::cerr << "startle: " << why << '\n';
  return kNotJudged;
}

// What says how clients are run says nothing where none is.
void refuse_settings_of_reports(const Options& options) {
  if (std::ranges::any_of(options.what, [](const std::string& one) { return !is_report(one); }))
    return;
  RunRequest settings = options.run;
  const RunRequest usual;
  settings.what = usual.what;
  settings.reports = usual.reports;
  settings.fail_on = usual.fail_on;
  const std::vector<std::string> words = settings.words();
  if (words.size() < 2) return;
  throw Error(Fault::usage, words[1] +
                                " says how a client is run, and these are reports: leave it "
                                "out, or name a client too");
}

int compare(const Options& options) {
  const FailOn fail_on = fail_on_of(options.run.fail_on);
  if (fail_on.warnings) {
    throw Error(Fault::usage, "--fail-on warning is for `startle run`: here, name a severity");
  }
  for (const std::string& what : options.what) refuse_missing_report(what);
  refuse_settings_of_reports(options);
  const ComparisonOutputs outputs = outputs_of(options);
  report::Comparison comparison;
  bool threads_abandoned = false;
  int by_signal = 0;        // the exit code of a run that was ended so: what was judged is compared
  bool unreliable = false;  // a client that was not usable first and last, or an error of ours
  // What is mistaken is told before anything is run.
  for (const std::string& what : options.what) {
    if (!is_report(what)) subject::make_subject(what, cases::Catalogue::clients_folder());
  }
  for (const std::string& what : options.what) {
    if (is_report(what)) {
      add_report_of(what, options.run.what, comparison);
      continue;
    }
    RunRequest request = options.run;
    request.client = what;
    request.reports.clear();
    request.shard = "1/1";  // whatever a test runner says in the environment
    RunOfClient run(comparison);
    const std::size_t before = comparison.clients().size();
    const RunCode ended = run_instead(request, run);
    if (comparison.clients().size() == before) return ended.code;
    threads_abandoned = threads_abandoned || ended.threads_abandoned;
    if (ended.code > kBySignal) by_signal = ended.code;
    if (by_signal != 0) break;
    unreliable = unreliable || (ended.code == kNotJudged && run.has_judged());
  }
  comparison.finish();
  if (by_signal == 0 && comparison.clients().size() < 2) {
    throw Error(Fault::usage,
                "`startle compare` needs two to compare: name another client or "
                "report, or --trust-model all");
  }
  write(comparison, outputs);
  int code = by_signal != 0 ? by_signal : code_of(comparison, fail_on);
  if (code == kAllAsExpected && unreliable) code = kNotJudged;
  if (by_signal == 0 && code != kFindings && comparison.comparable() == 0) {
    code = refuse("nothing is comparable: no case was judged under two of them");
  }
  if (threads_abandoned) std::_Exit(code);
  return code;
}

}  // namespace

void add_compare(CommandLine& startle) {
  auto options = std::make_shared<Options>();
  RunRequest& run = options->run;
  CommandLine sub = startle.command("compare", "Set clients, or reports of them, side by side");
  sub.option("what", options->what,
             "Clients, as --client of `startle run` names them, which are run; and reports of "
             "`startle run --report json=FILE`, or jsonl")
      .value("CLIENT|REPORT")
      .required();
  sub.option("--case", run.what, "Only these cases: globs over their ids")
      .value("GLOB")
      .each_time();
  add_suite(sub, run);
  add_mode(sub, run);
  sub.option("--trust-model", run.trust_model,
             comma_separated(words::kTrustModels) + ", or all side by side")
      .value("MODEL");
  add_circumstances(sub, run);
  sub.option("--report", run.reports, "text or json; to stdout, or to FILE")
      .value("KIND[=FILE]")
      .each_time();
  sub.option("--fail-on", run.fail_on,
             "The least severity that fails: note, wrong-reason, false-refuse, false-accept, leak")
      .value("SEVERITY")
      .shows_default();
  add_no_cache(sub, run.no_cache);
  sub.footer(
      "Cases that somebody fails come worst first, then what drifts apart: those that\n"
      "came to another verdict, or another ending, and why. A case that a report does\n"
      "not have is `not run`, and one that was skipped is no drift.\n"
      "Examples:\n"
      "  startle compare builtin defect:accepts-any-name --case 'smtp/certificate/*'\n"
      "  startle compare old.json new.json --report json=drift.json\n"
      "  startle compare builtin --trust-model all\n"
      "Exit: 0 all as expected, 1 one of them has findings, 2 usage or input,\n"
      "  3 nothing is comparable.");
  sub.runs([options] { return compare(*options); });
}

}  // namespace startle::program
