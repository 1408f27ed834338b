// startle run: tests a client with the cases of the catalogue.

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <thread>

#include "cases/engine/catalogue.h"
#include "cases/engine/run.h"
#include "cases/engine/selection.h"
#include "cases/engine/shard.h"
#include "cases/program/commands.h"
#include "cases/program/customer_stores.h"
#include "cases/program/date.h"
#include "cases/program/progress.h"
#include "cases/program/report_outputs.h"
#include "harness/customer/schedule.h"
#include "harness/customer/shell_word.h"

namespace startle::program {
namespace {

using namespace cases;

struct Options {
  std::vector<std::string> what{};
  std::string suite = "default";
  std::string client = "builtin";
  std::string config{};
  HomeOptions home{};
  std::string mode{};
  std::string name = "smtp.example.test";
  std::string trust_model{};
  std::string store_model = "documented";
  std::string transport = "memory";
  unsigned jobs = 0;
  std::string at{};
  std::uint64_t seed = 1;
  std::optional<std::string> shard{};
  std::optional<std::size_t> sample{};
  double deadline = 0;
  std::vector<std::string> reports{};
  std::string fail_on = "wrong-reason";
  bool dialogue = false;
  bool verbose = false;
  bool no_cache = false;
};

std::vector<words::TrustModel> models_of(const std::string& given) {
  if (given.empty()) return {words::TrustModel::documented};
  if (given == "all") return {words::kEveryTrustModel.begin(), words::kEveryTrustModel.end()};
  if (const auto model = from_word<words::TrustModel>(given)) return {*model};
  throw Error(Fault::usage, "--trust-model " + given + " is not one of: " +
                                comma_separated(words::kTrustModels) + ", all");
}

std::vector<words::StoreModel> store_models_of(const std::string& given) {
  if (given == "all") return {words::StoreModel::documented, words::StoreModel::jsse};
  if (const auto model = from_word<words::StoreModel>(given)) return {*model};
  throw Error(Fault::usage, "--store-model " + given + " is not one of: " +
                                comma_separated(words::kStoreModels) + ", all");
}

// Recipes of the user's own, with every trust value and credential.
Matrix with_certificates(Matrix matrix, const std::vector<std::string>& ids) {
  for (Axis& axis : matrix.axes) {
    if (axis.name != "certificate") continue;
    axis.values.clear();
    for (const std::string& id : ids) axis.values.push_back({.id = id, .certificate = id});
    axis.base = ids.front();
  }
  return matrix;
}

const Matrix& trust_matrix(const Catalogue& catalogue) {
  for (const Matrix& matrix : catalogue.matrices()) {
    if (matrix.id == "matrix/trust") return matrix;
  }
  throw Error(Fault::input, "the catalogue has no matrix/trust");
}

Plan plan_for(const Options& options, Catalogue& catalogue) {
  Plan plan{.suite = option_word<Suite>("--suite", options.suite),
            .models = models_of(options.trust_model),
            .store_models = store_models_of(options.store_model),
            .host = options.name,
            .seed = options.seed,
            .sample = options.sample};
  if (!options.mode.empty()) plan.mode = option_word<words::Mode>("--mode", options.mode);
  std::vector<std::string> recipes;
  for (const std::string& what : options.what) {
    if (!is_file(what)) {
      plan.globs.push_back(what);
      continue;
    }
    const std::size_t before = catalogue.recipe_ids().size();
    const auto ids = catalogue.add_file(what);
    auto& added = catalogue.recipe_ids().size() > before ? recipes : plan.whole;
    added.insert(added.end(), ids.begin(), ids.end());
  }
  plan.matrices = catalogue.matrices();
  plan.cases = catalogue.cases();
  if (!recipes.empty()) {
    // Certificates of one's own take the place of the catalogue's.
    for (Matrix& matrix : plan.matrices) matrix = with_certificates(matrix, recipes);
    if (plan.globs.empty() && plan.whole.empty()) plan.cases.clear();
  }
  return plan;
}

// The customer's configuration: matrix/trust, once for each <smtp> and <ldap>.
void plan_customer(const Options& options, const Catalogue& catalogue, Plan& plan) {
  const customer::Schedule schedule = customer::read_schedule(options.config);
  for (const std::string& warning : schedule.warnings) std::cerr << "startle: " << warning << '\n';
  CustomerStores stores(options.home, schedule);
  plan.cases.clear();
  plan.matrices.clear();
  for (const customer::Entry& entry : schedule.entries) {
    stores.warn(entry, std::cerr);
    plan.matrices.push_back(for_customer(trust_matrix(catalogue), entry, stores.value(entry)));
    for (const words::TrustModel model : plan.models) {
      if (entry.tls == words::Tls::none) break;
      for (const std::string& warning : oracle::trust_warnings(model, entry.host, entry.trust)) {
        std::cerr << options.config << ":" << entry.line << ": warning (" << word(model)
                  << "): " << warning << '\n';
      }
    }
  }
}

// A glob that selects nothing is a mistake, even beside one that selects something.
int refuse_unmatched(const Plan& plan, const Catalogue& catalogue) {
  const auto refuse = [](const std::string& why) {
    std::cerr << "startle: " << why << " (`startle list` shows all)\n";
    return kNotJudged;
  };
  std::vector<std::string_view> ids;
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
    const std::string_view near = nearest(glob, ids);
    return refuse("no case matches `" + glob + "`" +
                  (near.empty() ? "" : ": did you mean `" + std::string(near) + "`?"));
  }
  if (!Selection(plan).any()) return refuse("nothing is selected");
  return kAllAsExpected;
}

// What the command line, and what it names, says of which cases are run: that shards of one run
// have in common.
std::vector<std::string> selection_words(const Options& options, const Plan& plan) {
  std::vector<std::string> words = options.what;
  const auto add = [&](const char* option, const std::string& given, const std::string& otherwise) {
    if (given != otherwise) words.insert(words.end(), {option, given});
  };
  const Options otherwise;
  if (options.what.empty()) add("--suite", options.suite, otherwise.suite);
  add("--config", options.config, otherwise.config);
  add("--mode", options.mode, otherwise.mode);
  add("--name", options.name, otherwise.name);
  add("--home", options.home.home, otherwise.home.home);
  if (options.sample) words.insert(words.end(), {"--sample", std::to_string(*options.sample)});
  if (options.home.home.empty()) return words;
  for (const Matrix& matrix : plan.matrices) {
    for (const Axis& axis : matrix.axes) {
      if (axis.name == "store") words.push_back("store=" + axis.values.front().id);
    }
  }
  return words;
}

int run(const Options& options) {
  const auto began = std::chrono::steady_clock::now();
  const auto fail_on = option_word<words::Severity>("--fail-on", options.fail_on);
  const auto transport = option_word<Transport>("--transport", options.transport);
  const auto subject = subject::make_subject(options.client);
  check_host_name(options.name);
  check_home(options.home, options.config);
  const ShardChoice choice = choose_shard(options.shard, environment_of_process());
  Catalogue catalogue = Catalogue::load();
  Plan plan = plan_for(options, catalogue);
  if (!options.config.empty()) plan_customer(options, catalogue, plan);
  const std::string models = options.trust_model.empty() ? "documented" : options.trust_model;

  RunOptions how;
  how.worker.transport = transport;
  how.worker.clock = options.at.empty() ? today() : parse_date("--at", options.at);
  how.worker.deadline = std::chrono::milliseconds(static_cast<long>(options.deadline * 1000));
  how.jobs = options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  how.keep_dialogue = options.dialogue;
  how.mint = mint_options(options.no_cache);
  how.reproduce_with = " --client " + options.client + " --seed " + std::to_string(options.seed);
  if (options.transport != "memory") how.reproduce_with += " --transport " + options.transport;
  if (!options.at.empty()) how.reproduce_with += " --at " + options.at;
  if (options.name != Options{}.name) how.reproduce_with += " --name " + options.name;
  if (options.deadline > 0) how.reproduce_with += " --deadline " + std::to_string(options.deadline);
  if (!options.config.empty()) how.reproduce_with += " --config '" + options.config + "'";
  if (!options.home.home.empty()) {
    how.reproduce_with += " --home " + customer::shell_path(options.home.home);
  }
  if (!options.home.password_file.empty()) {
    how.reproduce_with +=
        " --store-password-file " + customer::shell_path(options.home.password_file);
  }
  for (const std::string& shown : options.home.shown) {
    how.reproduce_with += " --shown " + customer::shell_word(shown);
  }

  if (const int code = refuse_unmatched(plan, catalogue); code != kAllAsExpected) return code;
  plan.shard = choice.shard;
  const std::vector<std::string> said = selection_words(options, plan);
  Selection selection(std::move(plan));
  const Selection::Counts counts = selection.counts();
  const std::size_t count = counts.own;
  const bool is_part = choice.shard && choice.shard->total > 1;
  report::TextOptions text{.color = isatty(STDOUT_FILENO) != 0,
                           .verbose = options.verbose,
                           .dialogue = options.dialogue,
                           .table = !options.config.empty()};
  touch_status_files(choice);
  std::vector<Output> outputs = open_reports(options.reports, text);
  std::vector<report::Report*> reports;
  for (const Output& output : outputs) reports.push_back(output.report.get());
  if (!choice.note.empty()) std::cerr << "startle: " << choice.note << '\n';
  if (choice.shard) {
    std::cerr << "startle: shard " << shard_text(*choice.shard) << " (" << choice.from << ")\n";
  }
  for (report::Report* report : reports) {
    report->begin({.version = STARTLE_VERSION,
                   .client_name = subject->name(),
                   .client_version = subject->version(),
                   .tls_library = subject->tls_library(),
                   .trust_model = models,
                   .store_model = options.store_model,
                   .transport = options.transport,
                   .clock = how.worker.clock,
                   .clock_stated = !options.at.empty(),
                   .seed = options.seed,
                   .selection = said,
                   .selected = counts.sampled,
                   .sampled_from = options.sample ? counts.selected : 0,
                   .shard = is_part ? shard_text(*choice.shard) : "",
                   .cases = count});
  }
  Progress progress(count);
  how.progress = [&](std::size_t done) { progress.show(done); };
  RunResult result = run_all(catalogue, *subject, selection, how, reports);
  progress.clear();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  end_reports(outputs, result.tally.findings(), result.tally.summary(), wall.count());
  int code = exit_code(result.tally.summary(), result.tally.worst(), fail_on);
  // One shard may have nothing to do, or nothing but what is skipped: `startle merge` judges all.
  if (is_part && result.tally.summary().errors == 0 && code == kNotJudged) code = kAllAsExpected;
  if (result.threads_abandoned) std::_Exit(code);
  return code;
}

}  // namespace

void add_run(CommandLine& startle) {
  auto options = std::make_shared<Options>();
  CommandLine sub = startle.command("run", "Test a client with the cases of the catalogue");
  sub.option("what", options->what, "Globs over the ids of cases, or files of your own (XML)")
      .value("GLOB|FILE");
  sub.option("--suite", options->suite, "Without a glob: quick, default or full")
      .value("SUITE")
      .shows_default();
  sub.option("--client", options->client, "builtin, or defect:NAME (`startle list --defects`)")
      .value("NAME")
      .shows_default();
  sub.option(
         "--config", options->config,
         "A customer's schedule.xml: its <smtp> and <ldap> elements become the client's settings")
      .value("FILE");
  sub.option("--home", options->home.home,
             "A customer's TRACKPLUS_HOME: say what is wrong with DIR/keystore/HOST.ks for "
             "each host of --config, and which command mends it")
      .value("DIR");
  sub.option("--store-password-file", options->home.password_file,
             "Holds the password of these stores [$STARTLE_STORE_PASSWORD, or changeit]")
      .value("FILE");
  sub.option("--shown", options->home.shown,
             "What that host's server shows, as openssl s_client -showcerts prints it: say "
             "whether its store of --home holds it, or one from before it was renewed")
      .value("HOST=FILE")
      .each_time();
  sub.option("--mode", options->mode, "Only this mode: " + comma_separated(words::kModes))
      .value("MODE");
  sub.option("--name", options->name, "The host name the client is told to reach")
      .value("HOST")
      .shows_default();
  sub.option("--trust-model", options->trust_model,
             comma_separated(words::kTrustModels) + ", or all side by side [documented]")
      .value("MODEL");
  sub.option("--store-model", options->store_model,
             "What a key store kept for the host means: documented (its certificates are "
             "trusted besides the system's), jsse (what Java does), or all")
      .value("MODEL")
      .shows_default();
  sub.option("--transport", options->transport, "memory (virtual time) or tcp (loopback)")
      .value("KIND")
      .shows_default();
  sub.option("--jobs", options->jobs, "Threads [as many as there are processors]")
      .value("N")
      .between(1, 1024);
  sub.option("--at", options->at,
             "The date of the run's clock, 2026-11-21 or 2026-11-21T12:00:00Z [now]")
      .value("DATE");
  sub.option("--seed", options->seed, "Makes the canaries; the same seed gives the same report")
      .value("N")
      .shows_default();
  sub.option("--shard", options->shard,
             "Only the I-th of N parts; otherwise as GoogleTest, Bazel, GitLab, Kubernetes or "
             "Slurm say in the environment")
      .value("I/N");
  sub.option("--sample", options->sample,
             "Only N of the selected cases, drawn by the seed; before --shard")
      .value("N")
      .between(std::size_t{1}, std::size_t{1'000'000'000});
  sub.option("--deadline", options->deadline,
             "Seconds for one exchange [7200 virtual in memory, 12 over tcp]")
      .value("S")
      .between(0.1, 86400.0);
  sub.option("--report", options->reports, "text, json or junit; to stdout, or to FILE")
      .value("KIND[=FILE]")
      .each_time();
  sub.option("--fail-on", options->fail_on,
             "The least severity that fails the run: note, wrong-reason, false-refuse, "
             "false-accept, leak")
      .value("SEVERITY")
      .shows_default();
  sub.flag("--dialogue", options->dialogue,
           "Print what was said in every case, secrets blotted out");
  sub.flag("--verbose", options->verbose, "Print a line for every case");
  add_no_cache(sub, options->no_cache);
  sub.footer(
      "Examples:\n"
      "  startle run --jobs 2 --report junit=startle.xml\n"
      "  startle run 'smtp/*' --dialogue\n"
      "  startle run "
      "matrix/trust/mode=smtp-starttls/trust=host/certificate=expired/credential=valid\n"
      "  startle run --config conf/schedule.xml --trust-model all\n"
      "  startle run --config conf/schedule.xml --home /opt/trackplus\n"
      "  openssl s_client -connect mail.example.com:465 -showcerts </dev/null >shown.pem\n"
      "  startle run --config conf/schedule.xml --home /opt/trackplus --shown "
      "mail.example.com=shown.pem\n"
      "  startle run --shard 2/3 --report json=2.json       then: startle merge [123].json\n"
      "Environment (--shard 1/1 runs all whatever stands there, as a GitLab `parallel: matrix` or "
      "a\n"
      "Slurm sweep wants, which are no parts of one run):\n"
      "  GTEST_SHARD_INDEX, GTEST_TOTAL_SHARDS (GoogleTest); TEST_SHARD_INDEX, TEST_TOTAL_SHARDS\n"
      "  (Bazel); CI_NODE_INDEX, CI_NODE_TOTAL (GitLab); JOB_COMPLETION_INDEX of a Kubernetes\n"
      "  Indexed Job and, from its manifest, STARTLE_SHARDS; SLURM_ARRAY_TASK_ID (Slurm arrays)\n"
      "Exit: 0 all as expected, 1 findings, 2 usage or input, 3 could not judge.");
  sub.runs([options] { return run(*options); });
}

}  // namespace startle::program
