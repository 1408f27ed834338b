// startle run: tests a client with the cases of the catalogue.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <thread>

#include "cases/engine/catalogue.h"
#include "cases/engine/judge.h"
#include "cases/engine/run.h"
#include "cases/engine/selection.h"
#include "cases/engine/shard.h"
#include "cases/program/commands.h"
#include "cases/program/customer_stores.h"
#include "cases/program/foreign_client.h"
#include "cases/program/given_files.h"
#include "cases/program/known_failures.h"
#include "cases/program/progress.h"
#include "cases/program/report_outputs.h"
#include "cases/program/run_request.h"
#include "harness/customer/schedule.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

using namespace cases;

std::vector<words::TrustModel> models_of(const std::string& given, words::TrustModel otherwise) {
  if (given.empty()) return {otherwise};
  if (given == "all") return {words::kEveryTrustModel.begin(), words::kEveryTrustModel.end()};
  if (const auto model = from_word<words::TrustModel>(given)) return {*model};
  throw Error(Fault::usage, no_word("--trust-model", given, words::kTrustModels, ", all"));
}

std::vector<words::StoreModel> store_models_of(const std::string& given) {
  if (given == "all") return {words::StoreModel::documented, words::StoreModel::jsse};
  if (const auto model = from_word<words::StoreModel>(given)) return {*model};
  throw Error(Fault::usage, no_word("--store-model", given, words::kStoreModels,
                                    given == "java" ? ", all (Java does as jsse)" : ", all"));
}

const Matrix& trust_matrix(const Catalogue& catalogue) {
  for (const Matrix& matrix : catalogue.matrices()) {
    if (matrix.id == "matrix/trust") return matrix;
  }
  throw Error(Fault::input, "the catalogue has no matrix/trust");
}

Plan plan_for(const RunRequest& request, const subject::Standing& client) {
  Plan plan{.foreign = client.is_program,
            .suite = option_word<Suite>("--suite", request.suite),
            .models = models_of(request.trust_model, client.trust_model),
            .store_models = store_models_of(request.store_model),
            .host = request.name,
            .seed = request.seed,
            .sample = request.sample};
  if (!request.mode.empty()) plan.mode = option_word<words::Mode>("--mode", request.mode);
  if (!request.tls_policy.empty()) {
    plan.tls_policy = option_word<words::TlsPolicy>("--tls-policy", request.tls_policy);
  }
  return plan;
}

// The customer's configuration: matrix/trust, once for each <smtp> and <ldap>.
// Returns what it warned of.
std::vector<report::Warning> plan_customer(const RunRequest& request, const Matrix& matrix,
                                           Plan& plan) {
  const customer::Schedule schedule = customer::read_schedule(request.config);
  std::vector<report::Warning> warnings;
  for (const std::string& warning : schedule.warnings) {
    std::cerr << "startle: " << warning << '\n';
    warnings.push_back(located_warning(warning));
  }
  CustomerStores stores(request.home, schedule);
  plan.cases.clear();
  plan.matrices.clear();
  for (const customer::Entry& entry : schedule.entries) {
    for (report::Warning& told : stores.warn(entry, std::cerr)) warnings.push_back(std::move(told));
    plan.matrices.push_back(for_customer(matrix, entry, stores.host(entry)));
    for (const words::TrustModel model : plan.models) {
      if (entry.tls == words::Tls::none) break;
      for (const std::string& warning : oracle::trust_warnings(model, entry.host, entry.trust)) {
        const std::string where = request.config + ":" + std::to_string(entry.line);
        std::cerr << where << ": warning (" << word(model) << "): " << warning << '\n';
        warnings.push_back({.where = where, .text = std::string(word(model)) + ": " + warning});
      }
    }
  }
  return warnings;
}

// A glob that selects nothing is a mistake, even beside one that selects something.
int refuse_unmatched(const Plan& plan, const Catalogue& catalogue, bool is_of_customer) {
  const auto refuse = [](const std::string& why) {
    std::cerr << "startle: " << why << " (`startle list` shows all)\n";
    return kNotJudged;
  };
  std::vector<std::string> ids;
  for (const Case& c : catalogue.cases()) ids.push_back(c.id);
  for (const Matrix& m : catalogue.matrices()) ids.push_back(m.id);
  for (const std::string& glob : plan.globs) {
    Plan alone = plan;
    alone.globs = {glob};
    alone.whole.clear();
    if (Selection(alone).any()) continue;
    alone.mode.reset();
    if (Selection(alone).any()) {
      return refuse("`" + glob + "` has no case of the mode " + std::string(word(*plan.mode)));
    }
    if (is_of_customer) {
      std::cerr << "startle: `" << glob
                << "` matches no case of --config: beside it, name cells of "
                << "matrix/trust, for example '*/certificate=expired/*'\n";
      return kNotJudged;
    }
    return refuse("no case matches `" + glob + "`" + near_id(glob, ids));
  }
  if (!Selection(plan).any()) return refuse("nothing is selected");
  return kAllAsExpected;
}

// What the command line, and what it names, says of which cases are run: that shards of one run
// have in common.
std::vector<std::string> selection_words(const RunRequest& request, const Plan& plan) {
  std::vector<std::string> words = request.selection();
  if (request.home.home.empty()) return words;
  for (const Matrix& matrix : plan.matrices) {
    for (const Axis& axis : matrix.axes) {
      if (axis.name == "store") words.push_back("store=" + axis.values.front().id);
    }
  }
  return words;
}

// A program has sockets of its own.
Transport transport_for(const RunRequest& request, const subject::Standing& client) {
  const auto given = option_word<Transport>("--transport", request.transport);
  return client.is_program ? Transport::tcp : given;
}

// A program starts, reads its files and ends, and half of that is waiting.
void hold_program(RunOptions& how, unsigned processors, unsigned jobs) {
  using namespace std::chrono_literals;
  if (jobs == 0) how.jobs = 2 * processors;
  if (how.worker.deadline == 0ms) how.worker.deadline = 30s;
  // Of each connection of a process there may be a deadline to wait for.
  how.watchdog = 6 * how.worker.deadline + 10s;
}

RunOptions options_of(const RunRequest& request, const GivenFiles& files,
                      const subject::Standing& client) {
  RunOptions how;
  how.worker.transport = transport_for(request, client);
  how.worker.clock = request.at.empty() ? now() : clock_at("--at", request.at);
  how.worker.deadline = std::chrono::milliseconds(static_cast<long>(request.deadline * 1000));
  const unsigned processors = std::max(1U, std::thread::hardware_concurrency());
  how.jobs = request.jobs > 0 ? request.jobs : processors;
  if (client.is_program) hold_program(how, processors, request.jobs);
  how.keep_dialogue = request.dialogue;
  how.mint = mint_options(request.no_cache);
  how.reproduce = [request, files](const Exchange& exchange) {
    const auto store_model = store_model_of(exchange);
    return reproducing_command(
        request, {.what = files.selecting(exchange),
                  .trust_model = std::string(word(exchange.trust_model)),
                  .store_model =
                      store_model ? std::optional<std::string>(word(*store_model)) : std::nullopt});
  };
  return how;
}

report::RunInfo info_of(const RunRequest& request, const subject::Subject& subject,
                        const RunOptions& how) {
  return {.version = STARTLE_VERSION,
          .client_name = subject.name(),
          .client_version = subject.version(),
          .tls_library = subject.tls_library(),
          .trust_model = request.trust_model.empty()
                             ? std::string(word(subject.standing().trust_model))
                             : request.trust_model,
          .store_model = request.store_model,
          .transport = std::string(word(how.worker.transport)),
          .clock = how.worker.clock,
          .clock_stated = !request.at.empty(),
          .seed = request.seed};
}

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

// Into `instead`, where it is given, and then into no report that the request asks for.
int run_into(const RunRequest& request, report::Report* instead, bool& threads_abandoned) {
  const auto began = std::chrono::steady_clock::now();
  const auto fail_on = fail_on_of(request.fail_on);
  option_word<Transport>("--transport", request.transport);
  const auto subject = subject::make_subject(request.client, Catalogue::clients_folder());
  check_host_name(request.name);
  check_home(request.home, request.config);
  std::optional<ExpectedFailures> expected = expected_failures(request);
  if (expected && !expected->complaints().empty()) return complain(expected->complaints());
  const ShardChoice choice = choose_shard(request.shard, environment_of_process());
  Catalogue catalogue = Catalogue::load();
  Plan plan = plan_for(request, subject->standing());
  const GivenFiles files(request.what, catalogue, plan);
  RunOptions how = options_of(request, files, subject->standing());
  tls::set_run_clock(how.worker.clock);
  std::vector<report::Warning> warnings;
  if (!request.config.empty()) {
    files.refuse_beside_configuration();
    const Matrix matrix = files.with_own_certificates(trust_matrix(catalogue));
    warnings = plan_customer(request, matrix, plan);
  }
  if (const int code = refuse_unmatched(plan, catalogue, !request.config.empty());
      code != kAllAsExpected)
    return code;
  files.refuse_unused(plan);
  plan.shard = choice.shard;
  if (expected) {
    how.expected = &*expected;
    const auto stale = expected->stale(plan, catalogue);
    if (!stale.empty()) return complain(stale);
  }
  ForeignClient foreign(catalogue, *subject, how, request.name);
  if (subject->standing().is_program) foreign.get_to_know(modes_of(plan));
  report::RunInfo info = info_of(request, *subject, how);
  info.selection = selection_words(request, plan);
  Selection selection(std::move(plan));
  const Selection::Counts counts = selection.counts();
  const bool is_part = choice.shard && choice.shard->total > 1;
  info.selected = counts.sampled;
  info.sampled_from = request.sample ? counts.selected : 0;
  info.shard = is_part ? shard_text(*choice.shard) : "";
  info.cases = counts.own;
  touch_status_files(choice);
  const auto failures = failure_list(request, how.expected);
  const std::vector<Output> outputs =
      instead != nullptr ? std::vector<Output>()
                         : open_reports(request.reports, {.color = isatty(STDOUT_FILENO) != 0,
                                                          .verbose = request.verbose,
                                                          .dialogue = request.dialogue,
                                                          .table = !request.config.empty()});
  std::vector<report::Report*> reports;
  if (instead != nullptr) reports.push_back(instead);
  for (const Output& output : outputs) reports.push_back(output.report.get());
  if (failures) reports.push_back(failures.get());
  say_shard(choice);
  for (report::Report* report : reports) report->begin(info);
  Progress progress(counts.own);
  how.progress = [&](std::size_t done) { progress.show(done); };
  const RunResult result = run_all(catalogue, *subject, selection, how, reports);
  if (subject->standing().is_program) foreign.try_again();
  progress.clear();
  if (expected && !is_part) warn_of_skipped(*expected, warnings);
  for (const report::Warning& told : foreign.warnings()) warnings.push_back(told);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  report::RunEnd end{.findings = result.tally.findings(),
                     .summary = result.tally.summary(),
                     .warnings = std::move(warnings),
                     .wall_s = wall.count()};
  if (report::is_of_whole_configuration(info)) end.configurations = result.configurations.servers();
  if (instead != nullptr) instead->end(end);
  end_reports(outputs, end);
  if (failures) failures->end(end);
  int code = exit_code(end, result.tally.worst(), fail_on);
  // One shard may have nothing to do, or nothing but what is skipped: `startle merge` judges all.
  if (is_part && result.tally.summary().errors == 0 && code == kNotJudged) code = kAllAsExpected;
  if (code == kAllAsExpected && !foreign.is_sane()) code = kNotJudged;
  threads_abandoned = result.threads_abandoned;
  return code;
}

int run(const RunRequest& request) {
  bool threads_abandoned = false;
  const int code = run_into(request, nullptr, threads_abandoned);
  if (threads_abandoned) std::_Exit(code);
  return code;
}

}  // namespace

RunCode run_instead(const RunRequest& request, report::Report& report) {
  RunCode ended;
  ended.code = run_into(request, &report, ended.threads_abandoned);
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
      "  startle run --client ./my-client --mode smtp-starttls\n"
      "  startle run '*/mode=smtps/trust=host/certificate=expired/credential=valid'\n"
      "  startle run --config conf/schedule.xml --trust-model all\n"
      "  startle run --config conf/schedule.xml --home /opt/trackplus\n"
      "  openssl s_client -connect mail.example.com:465 -showcerts \\\n"
      "       </dev/null >shown.pem\n"
      "  startle run --config conf/schedule.xml --shown mail.example.com=shown.pem\n"
      "  startle run --shard 2/3 --report jsonl=2.jsonl\n"
      "  startle merge 1.jsonl 2.jsonl 3.jsonl\n"
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
      "  configuration that cannot work, 2 usage or input, 3 could not judge.");
  sub.runs([request] { return run(*request); });
}

}  // namespace startle::program
