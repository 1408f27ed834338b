// startle run: tests a client with the cases of the catalogue.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>

#include "cases/engine/run.h"
#include "cases/engine/shard.h"
#include "cases/program/commands.h"
#include "cases/program/earlier_report.h"
#include "cases/program/foreign_client.h"
#include "cases/program/given_files.h"
#include "cases/program/interruption.h"
#include "cases/program/known_failures.h"
#include "cases/program/leave.h"
#include "cases/program/progress.h"
#include "cases/program/report_outputs.h"
#include "cases/program/run_inputs.h"
#include "cases/program/run_plan.h"
#include "cases/program/run_request.h"
#include "cases/program/wire_files.h"
#include "harness/base/error.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

using namespace cases;

int complain(const std::vector<std::string>& complaints) {
  for (const std::string& text : complaints) std::cerr << "startle: " << text << '\n';
  return kUsage;
}

void say_shard(const ShardChoice& choice) {
  if (!choice.note.empty()) std::cerr << "startle: " << choice.note << '\n';
  const bool is_whole_by_option =
      choice.shard && choice.shard->total == 1 && choice.from == "--shard";
  if (choice.shard && !is_whole_by_option) {
    std::cerr << "startle: shard " << shard_text(*choice.shard) << " (" << choice.from << ")\n";
  }
}

// The clock of the run that is gone on with, which went on by itself where nobody has set it.
void take_clock(const report::RunInfo& earlier, RunOptions& how) {
  how.worker.clock = earlier.clock;
  if (!earlier.clock_stated) how.began = earlier.clock;
}

// One run, from its request to its exit code. `instead`: into this report alone; null: into those
// that the request asks for.
class RunOfRequest {
 public:
  RunOfRequest(const RunRequest& request, report::Report* instead)
      : request_(request), instead_(instead), fail_on_(fail_on_of(request.fail_on)) {}

  RunCode run() {
    const int refused = prepare_or_say_what_stands();
    if (refused != kAllAsExpected) return {.code = refused};
    open_reports_of_run();
    const Interruption interruption;
    return judge();
  }

 private:
  // Nobody is to take the report of an earlier run for this one's.
  int prepare_or_say_what_stands() {
    const auto standing = [this] {
      return instead_ == nullptr && request_.resume.empty() ? untouched_reports(request_.reports)
                                                            : "";
    };
    try {
      const int code = prepare();
      if (const std::string text = code == kUsage ? standing() : ""; !text.empty()) {
        complain({text});
      }
      return code;
    } catch (const Error& e) {
      const std::string text = standing();
      if (text.empty()) throw;
      throw Error(e.fault(), std::string(e.what()) + "\n" + text);
    }
  }

  // What is mistaken is said before anything is run or opened.
  int prepare() {
    option_word<Transport>("--transport", request_.transport);
    subject_ = subject::make_subject(request_.client, Catalogue::clients_folder());
    check_host_name(request_.name);
    check_home(request_.home, request_.config);
    expected_ = expected_failures(request_);
    if (expected_ && !expected_->complaints().empty()) return complain(expected_->complaints());
    choice_ = choose_shard(request_.shard, environment_of_process());
    if (!request_.resume.empty()) earlier_.emplace(request_.resume);
    // A customer's configuration has cells of its own, a program is known by other cases first, and
    // a list of failures is held against all there are.
    const bool needs_all =
        request_.is_of_customer() || subject_->standing().is_program || expected_.has_value();
    catalogue_.emplace(needs_all ? Catalogue::load() : catalogue_for(request_.what));
    Plan plan = plan_for(request_, subject_->standing());
    const GivenFiles files(request_.what, *catalogue_, plan);
    how_ = options_of(request_, files, subject_->standing());
    if (earlier_ && request_.at.empty()) take_clock(earlier_->info(), how_);
    tls::set_run_clock(how_.worker.clock);
    if (request_.is_of_customer()) {
      files.refuse_beside_configuration();
      const Matrix matrix = files.with_own_certificates(trust_matrix(*catalogue_));
      customers_ = plan_customer(request_, matrix, plan);
      warnings_ = customers_.warnings;
    }
    const int code = refuse_unmatched(plan, *catalogue_, request_.is_of_customer());
    if (code != kAllAsExpected) return code;
    files.refuse_unused(plan);
    plan.shard = choice_.shard;
    if (expected_) {
      how_.expected = &*expected_;
      const auto stale = expected_->stale(plan, *catalogue_);
      if (!stale.empty()) return complain(stale);
    }
    refuse_replacements();
    foreign_.emplace(*catalogue_, *subject_, how_, request_.name);
    if (subject_->standing().is_program) foreign_->get_to_know(modes_of(plan));
    describe(std::move(plan));
    if (earlier_) earlier_->check(info_);
    return kAllAsExpected;
  }

  void refuse_replacements() const {
    if (instead_ != nullptr) return;
    const std::vector<WantedReport> wanted = wanted_reports(request_.reports);
    const std::string& list = request_.write_expected;
    const bool writes = std::any_of(wanted.begin(), wanted.end(),
                                    [](const WantedReport& one) { return one.path.has_value(); });
    if (!writes && list.empty() && request_.wire == WireRequest{}) return;
    std::vector<InputFile> inputs = input_files(request_);
    refuse_to_replace(wanted, inputs);
    check_wire_files_beside(inputs, wanted);
    if (!list.empty()) {
      std::erase_if(inputs, [](const InputFile& one) { return one.what == "--expected-failures"; });
      if (earlier_) inputs.push_back({"--resume", request_.resume});
      refuse_to_replace("--write-expected " + list, list, inputs);
    }
    for (const WantedReport& report : wanted) {
      if (!earlier_ || !report.path || report.kind->word == earlier_->kind()) continue;
      refuse_to_replace({report}, {{"--resume", request_.resume}});
    }
  }

  void check_wire_files_beside(std::vector<InputFile> inputs,
                               const std::vector<WantedReport>& reports) const {
    if (earlier_) inputs.push_back({"--resume", request_.resume});
    std::vector<OtherOutput> outputs;
    for (const WantedReport& report : reports) {
      if (report.path) outputs.push_back({"--report " + report.said, *report.path});
    }
    const std::string& list = request_.write_expected;
    if (!list.empty()) outputs.push_back({"--write-expected " + list, list});
    check_wire_files(request_.wire, inputs, outputs);
  }

  void describe(Plan plan) {
    info_ = info_of(request_, *subject_, how_);
    info_.cause = customers_.cause;
    info_.consequences = customers_.consequences;
    info_.selection = selection_words(request_, plan);
    info_.inputs = noted_inputs(request_, *catalogue_);
    selection_.emplace(std::move(plan));
    const Selection::Counts counts = selection_->counts();
    is_part_ = choice_.shard && choice_.shard->total > 1;
    info_.selected = counts.sampled;
    info_.sampled_from = request_.sample ? counts.selected : 0;
    info_.shard = is_part_ ? shard_text(*choice_.shard) : "";
    info_.cases = counts.own;
  }

  // In memory time is the run's own; over TCP it goes on by itself from where the clock stands.
  void open_wire_files_of_run() {
    const bool is_real = request_.at.empty() && how_.worker.transport == Transport::tcp;
    how_.worker.evidence =
        open_wire_files(request_.wire, is_real ? pcapng::Time(std::chrono::system_clock::now())
                                               : pcapng::Time(how_.worker.clock));
  }

  void open_reports_of_run() {
    open_wire_files_of_run();
    touch_status_files(choice_);
    failures_ = failure_list(request_, how_.expected);
    if (instead_ == nullptr) {
      outputs_ = open_reports(request_.reports,
                              {.color = isatty(STDOUT_FILENO) != 0,
                               .verbose = request_.verbose,
                               .dialogue = request_.dialogue,
                               .table = request_.is_of_customer()},
                              earlier_ && earlier_->kind() == "jsonl" ? request_.resume : "");
    }
    std::vector<report::Report*> reports;
    if (instead_ != nullptr) reports.push_back(instead_);
    for (const Output& output : outputs_) reports.push_back(output.report.get());
    if (failures_) reports.push_back(failures_.get());
    reports.push_back(&late_);
    say_shard(choice_);
    for (report::Report* report : reports) report->begin(info_);
    reporter_.emplace(how_.expected, std::move(reports));
  }

  RunCode judge() {
    if (earlier_) go_on();
    Progress progress(info_.cases);
    const std::size_t known = earlier_ ? earlier_->handed_on() : 0;
    how_.progress = [&](std::size_t done) { progress.show(known + done); };
    how_.stop = [evidence = how_.worker.evidence] {
      return Interruption::signal() != 0 || (evidence && evidence->has_failed());
    };
    how_.warn = [](const std::string& sentence) { std::cerr << "startle: " << sentence << '\n'; };
    const RunResult result = run_all(*catalogue_, *subject_, *selection_, how_, *reporter_);
    if (earlier_) add_rest_of_earlier();
    if (subject_->standing().is_program && !result.stopped) foreign_->try_again();
    progress.clear();
    const bool complete = !result.stopped && Interruption::signal() == 0;
    RunCode ended{.code = kNotJudged, .threads_abandoned = result.threads_abandoned};
    try {
      ended.code = end(complete);
      if (result.failure) std::rethrow_exception(result.failure);
      finish_wire_files();
    } catch (const std::exception& e) {
      if (!result.threads_abandoned) throw;
      leave_at_once(e);
    }
    const int signal = Interruption::signal();
    if (signal == 0) return ended;
    std::cerr << "startle: ended by " << signal_name(signal)
              << (request_.reports.empty() ? "" : ": --resume goes on with its report in JSON")
              << '\n';
    ended.code = kBySignal + signal;
    return ended;
  }

  void finish_wire_files() const {
    if (how_.worker.evidence == nullptr) return;
    const std::string failure = how_.worker.evidence->finish();
    if (!failure.empty()) throw Error(Fault::system, failure);
  }

  void go_on() {
    earlier_->hand_on(*selection_, *reporter_, how_.expected != nullptr);
    for (const Output& output : outputs_) {
      if (output.go_on) output.go_on(earlier_->bytes());
    }
    how_.known = [this] { return earlier_->next(*selection_); };
  }
  // A run that was stopped has not come to all that it had.
  void add_rest_of_earlier() {
    while (auto judgement = earlier_->rest()) reporter_->add_known(std::move(*judgement));
    reporter_->finish();
  }

  int end(bool complete) {
    if (expected_ && !is_part_ && complete) warn_of_skipped(*expected_, warnings_);
    for (const report::Warning& told : foreign_->warnings()) warnings_.push_back(told);
    if (auto told = late_.warning()) warnings_.push_back(*std::move(told));
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began_;
    report::RunEnd end{.findings = reporter_->tally().findings(),
                       .summary = reporter_->tally().summary(),
                       .warnings = std::move(warnings_),
                       .complete = complete,
                       .wall_s = wall.count()};
    if (complete && report::is_of_whole_configuration(info_)) {
      end.configurations = reporter_->configurations().servers();
    }
    if (instead_ != nullptr) instead_->end(end);
    const auto has_failed = [&](const report::Report* one) { return reporter_->has_failed(one); };
    end_reports(outputs_, end, has_failed);
    if (failures_ && !has_failed(failures_.get())) failures_->end(end);
    int code = exit_code(end, reporter_->tally().worst(), fail_on_);
    // One shard may have nothing to do, or nothing but what is skipped: `startle merge` judges all.
    if (is_part_ && end.summary.errors == 0 && code == kNotJudged) code = kAllAsExpected;
    if (code == kAllAsExpected && !foreign_->is_sane()) code = kNotJudged;
    return code;
  }

  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  const RunRequest& request_;
  report::Report* instead_;
  const FailOn fail_on_;
  std::unique_ptr<subject::Subject> subject_{};
  std::optional<ExpectedFailures> expected_{};
  ShardChoice choice_{};
  std::optional<EarlierReport> earlier_{};
  std::optional<Catalogue> catalogue_{};
  RunOptions how_{};
  std::vector<report::Warning> warnings_{};
  CustomerPlan customers_{};
  std::optional<ForeignClient> foreign_{};
  report::RunInfo info_{};
  std::optional<Selection> selection_{};
  bool is_part_ = false;
  std::unique_ptr<FailureList> failures_{};
  LateInability late_{};
  std::vector<Output> outputs_{};
  std::optional<Reporter> reporter_{};
};

int run(const RunRequest& request) {
  RunOfRequest run(request, nullptr);
  const RunCode ended = run.run();
  if (ended.threads_abandoned) std::_Exit(ended.code);
  return ended.code;
}

}  // namespace

RunCode run_instead(const RunRequest& request, report::Report& report) {
  auto run = std::make_unique<RunOfRequest>(request, &report);
  const RunCode ended = run->run();
  // Nothing may be taken from under those threads.
  if (ended.threads_abandoned) static_cast<void>(run.release());
  return ended;
}

void add_run(CommandLine& startle) {
  auto request = std::make_shared<RunRequest>();
  CommandLine sub = startle.command("run", "Test a client with the cases of the catalogue");
  add_run_options(sub, *request);
  sub.footer(
      "Examples:\n"
      "  startle run --jobs 2 --report junit=startle.xml\n"
      "  startle run 'smtp/*' --dialogue\n"
      "  startle run --client curl\n"
      "  startle run --client curl --pcap curl.pcapng\n"
      "  startle run --client ./my-client --mode smtp-starttls\n"
      "  startle run '*/mode=smtps/trust=host/certificate=expired/credential=valid'\n"
      "  startle run --config conf/schedule.xml --trust-model all\n"
      "  startle run --config conf/schedule.xml --home /opt/trackplus\n"
      "  startle run --host mail.example.com:465 --home /opt/trackplus\n"
      "  openssl s_client -connect mail.example.com:465 -showcerts \\\n"
      "       </dev/null >shown.pem\n"
      "  startle run --config conf/schedule.xml --shown mail.example.com=shown.pem\n"
      "  startle run --shard 2/3 --report jsonl=2.jsonl\n"
      "  startle merge 1.jsonl 2.jsonl 3.jsonl\n"
      "  startle run --suite full --report jsonl=full.jsonl\n"
      "  startle run --suite full --report jsonl=full.jsonl --resume full.jsonl\n"
      "  startle run --report markdown=\"$GITHUB_STEP_SUMMARY\"\n"
      "  startle run --write-expected known.txt\n"
      "  startle run --expected-failures known.txt\n"
      "Environment (--shard 1/1 runs all whatever stands there, as a GitLab\n"
      "`parallel: matrix` or a Slurm sweep wants, which are no parts of one run):\n"
      "  GTEST_SHARD_INDEX, GTEST_TOTAL_SHARDS (GoogleTest); TEST_SHARD_INDEX,\n"
      "  TEST_TOTAL_SHARDS (Bazel); CI_NODE_INDEX, CI_NODE_TOTAL (GitLab);\n"
      "  JOB_COMPLETION_INDEX of a Kubernetes Indexed Job and, from its manifest,\n"
      "  STARTLE_SHARDS; SLURM_ARRAY_TASK_ID (Slurm arrays)\n"
      "Exit: 0 all as expected, 1 findings, an expected failure that passes, or a\n"
      "  configuration that cannot work, 2 usage or input, 3 could not judge, 128+N\n"
      "  ended by signal N: the reports have what was judged by then, and say so.");
  sub.runs([request] { return run(*request); });
}

}  // namespace startle::program
