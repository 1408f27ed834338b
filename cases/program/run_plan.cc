#include "cases/program/run_plan.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

#include "cases/engine/model_choice.h"
#include "cases/program/commands.h"
#include "cases/program/customer_cause.h"
#include "cases/program/customer_stores.h"
#include "cases/program/report_outputs.h"
#include "harness/base/error.h"
#include "harness/customer/schedule/given_host.h"
#include "harness/customer/schedule/schedule.h"
#include "harness/oracle/consequences.h"
#include "harness/oracle/identity_setting.h"
#include "harness/oracle/oracle.h"

namespace startle::program {

using namespace cases;

namespace {

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

}  // namespace

const Matrix& trust_matrix(const Catalogue& catalogue) {
  for (const Matrix& matrix : catalogue.matrices()) {
    if (matrix.id == "matrix/trust") return matrix;
  }
  throw Error(Fault::input, "the catalogue has no matrix/trust");
}

namespace {

// Java's reading, where a customer has said no more than which servers they have.
// Whose hosts stand in no file is a Java program: mail as Jakarta's latest, directories as Java's.
bool is_java_unless_told(const RunRequest& request) {
  return request.trust_model.empty() && !request.home.hosts.empty();
}
std::vector<words::TrustModel> models_of(const RunRequest& request,
                                         const subject::Standing& client) {
  if (is_java_unless_told(request)) return {words::TrustModel::angus, words::TrustModel::jndi};
  return models_of(request.trust_model, client.trust_model);
}
std::string trust_models_told(const RunRequest& request, const subject::Standing& client) {
  if (is_java_unless_told(request)) return "angus, jndi";
  if (!request.trust_model.empty()) return request.trust_model;
  return std::string(word(client.trust_model));
}
std::string store_model_of(const RunRequest& request) {
  if (!request.store_model.empty()) return request.store_model;
  return std::string(
      word(request.home.hosts.empty() ? words::StoreModel::documented : words::StoreModel::jsse));
}

}  // namespace

Plan plan_for(const RunRequest& request, const subject::Standing& client) {
  Plan plan{.foreign = client.is_program,
            .suite = option_word<Suite>("--suite", request.suite),
            .models = models_of(request, client),
            .store_models = store_models_of(store_model_of(request)),
            .host = request.name,
            .seed = request.seed,
            .sample = request.sample};
  // The page of another product, which every one of its servers' entries would break.
  if (!request.home.hosts.empty() && request.trust_model == "all") {
    std::erase(plan.models, words::TrustModel::documented);
  }
  if (!request.mode.empty()) plan.mode = option_word<words::Mode>("--mode", request.mode);
  if (!request.tls_policy.empty()) {
    plan.tls_policy = option_word<words::TlsPolicy>("--tls-policy", request.tls_policy);
  }
  return plan;
}

namespace {

// Where the server is not asked for STARTTLS: nullopt.
std::optional<report::Consequences> consequences_of(const customer::Entry& entry,
                                                    const std::string& server) {
  // A mechanism that proves the password does not hand it over.
  const auto mechanism = from_word<sasl::Mechanism>(entry.mechanism.value_or("PLAIN"));
  const bool hands_over = mechanism == sasl::Mechanism::plain ||
                          mechanism == sasl::Mechanism::login || sasl::takes_token(*mechanism);
  const bool authenticates = hands_over && entry.username && !entry.password.value_or("").empty();
  report::Consequences made{.server = server};
  for (const oracle::Consequence& row :
       oracle::consequences(words::mode_of(entry.protocol, entry.tls), authenticates)) {
    made.rows.push_back({.server = std::string(row.server),
                         .required = std::string(row.required),
                         .enabled = std::string(row.enabled),
                         .gives_away = row.gives_away});
  }
  if (made.rows.empty()) return std::nullopt;
  made.text = "with `enable` alone " +
              std::string(authenticates ? "this password goes" : "everything goes") +
              " out in clear when a server, or somebody between, does not offer " +
              std::string(row_of(entry.protocol).starttls) + ": see to it that " +
              (row_of(entry.protocol).is_mail ? "mail.smtp.starttls.required=true is set"
                                              : "the product ends where StartTLS is refused");
  return made;
}

// What a model, or what the file makes of it, leaves without effect.
std::vector<std::pair<words::TrustModel, std::string>> model_warnings(
    const Plan& plan, const customer::Entry& entry) {
  std::vector<std::pair<words::TrustModel, std::string>> all;
  if (entry.tls == words::Tls::none) return all;
  for (const words::TrustModel model : models_for(entry.protocol, plan.models)) {
    const auto read = oracle::with_identity_setting(model, entry.checkserveridentity);
    if (!read.sentence.empty()) all.emplace_back(model, read.sentence);
  }
  for (const words::TrustModel model :
       models_for(entry.protocol, plan.models, entry.checkserveridentity)) {
    for (std::string& warning : oracle::trust_warnings(model, entry.host, entry.trust)) {
      all.emplace_back(model, std::move(warning));
    }
  }
  return all;
}

}  // namespace

CustomerPlan plan_customer(const RunRequest& request, const Matrix& matrix, Plan& plan) {
  const customer::Schedule schedule =
      request.home.hosts.empty() ? customer::read_schedule(request.config)
                                 : customer::hosts_given(request.home.hosts, plan.mode, "--host");
  std::vector<report::Warning> warnings;
  for (const std::string& warning : schedule.warnings()) {
    std::cerr << "startle: " << warning << '\n';
    warnings.push_back(located_warning(warning));
  }
  CustomerStores stores(request.home, schedule);
  std::vector<report::Consequences> consequences;
  plan.cases.clear();
  plan.matrices.clear();
  for (const customer::Entry& entry : schedule.entries) {
    for (report::Warning& told : stores.warn(entry, std::cerr)) warnings.push_back(std::move(told));
    plan.matrices.push_back(for_customer(matrix, entry, stores.host(entry)));
    if (auto of = consequences_of(entry, plan.matrices.back().subject_to)) {
      consequences.push_back(*std::move(of));
    }
    const std::string where = entry.file + ":" + std::to_string(entry.line);
    for (const auto& [model, warning] : model_warnings(plan, entry)) {
      std::cerr << where << ": warning (" << word(model) << "): " << warning << '\n';
      warnings.push_back({.where = where, .text = std::string(word(model)) + ": " + warning});
    }
  }
  std::string cause = cause_of(schedule, stores, plan);
  return {.warnings = std::move(warnings),
          .cause = std::move(cause),
          .consequences = std::move(consequences)};
}

int refuse_unmatched(const Plan& plan, const Catalogue& catalogue, bool is_of_customer) {
  const auto refuse = [](const std::string& why) {
    std::cerr << "startle: " << why << " (`startle list` shows all)\n";
    return kNotJudged;
  };
  std::vector<std::string> ids;
  for (const Case& c : catalogue.cases()) ids.push_back(c.id);
  for (const Matrix& m : catalogue.matrices()) ids.push_back(m.id);
  Selection alone(plan);
  for (const std::string& glob : plan.globs) {
    alone.select_only(glob, plan.mode);
    if (alone.any()) continue;
    alone.select_only(glob, std::nullopt);
    if (alone.any()) {
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

namespace {

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

}  // namespace

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
          .trust_model = trust_models_told(request, subject.standing()),
          .store_model = store_model_of(request),
          .transport = std::string(word(how.worker.transport)),
          .clock = how.worker.clock,
          .clock_stated = !request.at.empty(),
          .seed = request.seed};
}

}  // namespace startle::program
