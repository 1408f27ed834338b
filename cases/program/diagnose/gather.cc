#include "cases/program/diagnose/gather.h"

#include <algorithm>
#include <memory>

#include "cases/engine/catalogue.h"
#include "cases/engine/model_choice.h"
#include "cases/program/commands.h"
#include "cases/program/diagnose/given_chain.h"
#include "cases/program/diagnose/judged_steps.h"
#include "cases/program/diagnose/log_evidence.h"
#include "cases/program/diagnose/subjects.h"
#include "cases/program/run_plan.h"
#include "cases/program/shown_readings.h"
#include "certs/shown_chain.h"
#include "fake-servers/dialogue/secret.h"
#include "harness/base/date.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/shell_word.h"
#include "harness/base/text.h"
#include "harness/customer/home/shown_file.h"
#include "harness/diagnosis/advice.h"
#include "harness/oracle/oracle.h"
#include "harness/oracle/trust_value.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

using customer::Entry;

// What is shorter stands in every second word.
constexpr std::size_t kLeastAnywhere = 4;

struct GivenChain {
  std::string file{};
  std::vector<std::string> der{};
  bool is_pem = true;
  oracle::PresentedIdentity presented{};
};

GivenChain read_chain(const std::string& file) {
  const std::string bytes = read_file(file, customer::kLargestStore);
  GivenChain chain{.file = file,
                   .der = customer::read_shown(bytes, file),
                   .is_pem = customer::is_pem_as_it_stands(bytes)};
  chain.presented = certs::read_facts(chain.der, {}).presented;
  return chain;
}

std::string first_name(const oracle::PresentedIdentity& presented) {
  for (const std::string& name : presented.dns_names) {
    if (name.find('*') == std::string::npos) return name;
  }
  if (!presented.ip_addresses.empty()) return presented.ip_addresses.front();
  return presented.common_name.find_first_of(" *") == std::string::npos ? presented.common_name
                                                                        : "";
}

bool is_issued_to(const GivenChain& chain, const Entry& entry) {
  if (oracle::matches(entry.host, chain.presented)) return true;
  if (equal_ignoring_case(entry.host, chain.presented.common_name)) return true;
  return std::ranges::any_of(
      oracle::tokens_of(entry.trust.value_or("")),
      [&](const oracle::Token& token) { return oracle::matches(token.text, chain.presented); });
}

// All that was given, and which server each piece is of.
class Gatherer {
 public:
  Gatherer(const DiagnoseRequest& request, const Kept& kept) : request_(request), kept_(kept) {
    if (!request.log.empty()) {
      log_ = read_log_evidence(request.log);
      hints_ = log_->hints;
    }
    if (!request.chain.empty()) chain_ = read_chain(request.chain);
    complete_hints();
    subjects_ = subjects_of(request, hints_);
    for (const Subjects& subjects : subjects_) {
      for (const Entry& entry : subjects.schedule.entries) entries_.push_back(&entry);
    }
    assign_chain();
    assign_log();
  }

  std::vector<Gathered> gather() {
    std::vector<Gathered> all;
    for (const Subjects& subjects : subjects_) {
      if (subjects.refusals.empty()) {
        gather(subjects, all);
      } else {
        all.push_back(refused(subjects));
      }
    }
    return all;
  }

 private:
  void complete_hints() {
    const std::string store = std::filesystem::path(request_.home.store).filename().string();
    if (hints_.host.empty() && store.ends_with(".ks")) {
      hints_.host = store.substr(0, store.size() - 3);
    }
    if (hints_.host.empty() && chain_) hints_.host = first_name(chain_->presented);
  }

  void assign_chain() {
    if (!chain_) return;
    for (const Entry* entry : entries_) {
      if (entry->tls != words::Tls::none && is_issued_to(*chain_, *entry)) {
        shows_.push_back(entry);
      }
    }
    if (!shows_.empty()) return;
    std::vector<const Entry*> tls;
    std::ranges::copy_if(entries_, std::back_inserter(tls),
                         [](const Entry* one) { return one->tls != words::Tls::none; });
    if (tls.size() > 1) {
      throw Error(Fault::usage, "--chain " + request_.chain +
                                    " is issued to none of the hosts of the configuration: beside "
                                    "it name the one server that shows it, as smtp://HOST:PORT");
    }
    shows_ = std::move(tls);
  }

  void assign_log() {
    if (!log_ || log_->logged.line == 0) return;
    const auto take = [&](auto&& condition) {
      std::ranges::copy_if(entries_, std::back_inserter(logged_), condition);
      return !logged_.empty();
    };
    const auto& hosts = log_->logged.hosts;
    const auto is_named = [&](const Entry* one) {
      return std::ranges::any_of(
          hosts, [&](const std::string& host) { return equal_ignoring_case(host, one->host); });
    };
    if (take(is_named)) return;
    if (take([&](const Entry* one) { return one->protocol == log_->logged.protocol; })) return;
    logged_ = entries_;
  }

  static bool is_in(const std::vector<const Entry*>& all, const Entry& entry) {
    return std::ranges::find(all, &entry) != all.end();
  }

  Gathered refused(const Subjects& subjects) const {
    Gathered made;
    made.evidence.refusals = subjects.refusals;
    made.evidence.today = today();
    made.evidence.repeated = request_.command();
    made.evidence.shell = shell_for(subjects.file);
    made.evidence.server.where = subjects.file;
    made.evidence.server.host_is_guess = made.evidence.server.mode_is_guess = true;
    return made;
  }

  void gather(const Subjects& subjects, std::vector<Gathered>& all) {
    CustomerStores stores(request_.home, subjects.schedule);
    for (const Entry& entry : subjects.schedule.entries) {
      all.push_back(gather(subjects, entry, stores));
    }
  }

  Gathered gather(const Subjects& subjects, const Entry& entry, CustomerStores& stores);
  void add_mistakes(const Subjects& subjects, const Entry& entry, diagnosis::Evidence& into) const;
  void add_stores(const Entry& entry, CustomerStores& stores, diagnosis::Evidence& into) const;
  void add_shown(const Entry& entry, CustomerStores& stores, const GivenChain& chain, bool is_live,
                 diagnosis::Evidence& into);
  void add_readings(const Subjects& subjects, const Entry& entry, CustomerStores& stores,
                    diagnosis::Evidence& into);
  std::optional<Probe> look(const Subjects& subjects, const Entry& entry, CustomerStores& stores);

  bool is_java_unless_told(const Subjects& subjects) const {
    return subjects.source != Subjects::Source::file && !request_.trust;
  }
  words::TrustModel stated_model(const Subjects& subjects, const Entry& entry) const {
    if (!request_.trust_model.empty()) {
      return option_word<words::TrustModel>("--trust-model", request_.trust_model);
    }
    if (!is_java_unless_told(subjects)) return words::TrustModel::documented;
    return words::row_of(entry.protocol).is_mail ? words::TrustModel::angus
                                                 : words::TrustModel::jndi;
  }
  words::StoreModel stated_store(const Subjects& subjects) const {
    if (!request_.store_model.empty()) {
      return option_word<words::StoreModel>("--store-model", request_.store_model);
    }
    return is_java_unless_told(subjects) ? words::StoreModel::jsse : words::StoreModel::documented;
  }
  // Of all entries: a log may have those of another.
  std::string without_secrets(std::string text) const {
    for (const Entry* entry : entries_) {
      const std::string secret = entry->password.value_or("");
      if (secret.size() >= kLeastAnywhere) text = fake::blotted(text, secret);
    }
    return text;
  }
  void take_secrets_out(Probe& seen) const {
    seen.sentence = without_secrets(seen.sentence);
    for (std::string& line : seen.capabilities) line = without_secrets(line);
    for (StepResult& step : seen.steps) {
      step.said = without_secrets(step.said);
      for (std::string& line : step.details) line = without_secrets(line);
    }
  }
  static std::string today() {
    return day_text(std::chrono::floor<std::chrono::days>(tls::run_clock()));
  }

  const DiagnoseRequest& request_;
  const Kept& kept_;
  std::optional<LogEvidence> log_{};
  std::optional<GivenChain> chain_{};
  Hints hints_{};
  std::vector<Subjects> subjects_{};
  std::vector<const Entry*> entries_{};
  std::vector<const Entry*> shows_{};   // whose server shows the chain that was given
  std::vector<const Entry*> logged_{};  // that the log is about
  std::optional<cases::Catalogue> catalogue_{};
};

void Gatherer::add_mistakes(const Subjects& subjects, const Entry& entry,
                            diagnosis::Evidence& into) const {
  const std::string where = subjects.where(entry) + ":";
  for (const customer::Mistake& mistake : subjects.schedule.mistakes) {
    const bool is_of_other = std::ranges::any_of(subjects.schedule.entries, [&](const Entry& one) {
      return mistake.text.starts_with(subjects.where(one) + ":");
    });
    // What is said of a value that was replaced is said of nothing.
    if (request_.trust && mistake.text.starts_with(where + " trust")) continue;
    if (mistake.text.starts_with(where) || !is_of_other) into.mistakes.push_back(mistake);
  }
}

void Gatherer::add_stores(const Entry& entry, CustomerStores& stores,
                          diagnosis::Evidence& into) const {
  into.has_store = !request_.home.home.empty() || !request_.home.store.empty();
  const CustomerStores::Found& found = stores.of(entry);
  const auto add = [&](const std::vector<customer::StoreDiagnosis>& all, bool is_javas) {
    for (const customer::StoreDiagnosis& one : all) {
      into.stores.push_back({.problem = one.problem,
                             .is_javas = is_javas,
                             .sentence = one.sentence,
                             .remedy = one.remedy});
    }
  };
  if (found.store) add(found.store->diagnoses, false);
  add(found.of_java, true);
}

void Gatherer::add_shown(const Entry& entry, CustomerStores& stores, const GivenChain& chain,
                         bool is_live, diagnosis::Evidence& into) {
  stores.show(entry.host, {.file = chain.file, .der = chain.der},
              customer::anchor_of(chain.der, chain.file, chain.is_pem));
  std::vector<std::string> anchors = stores.anchors().der;
  const CustomerStores::Found& found = stores.of(entry);
  if (found.store && found.store->store) {
    for (const customer::StoreEntry& one : found.store->store->entries) {
      if (is_anchor(one)) anchors.push_back(one.der);
    }
  }
  into.shown = diagnosis::Shown{.file = is_live ? "" : chain.file,
                                .chain = certificates_of(chain.der),
                                .facts = certs::read_facts(chain.der, anchors)};
  std::vector<std::string>& import = into.shown->import;
  import = stores.import_commands(entry);
  if (is_live) {
    import.insert(import.begin(),
                  diagnosis::fetch_command(into, chain.file));  // into the file that they read
  }
}

void Gatherer::add_readings(const Subjects& subjects, const Entry& entry, CustomerStores& stores,
                            diagnosis::Evidence& into) {
  if (!catalogue_) catalogue_.emplace(cases::Catalogue::load());
  cases::Plan plan;
  plan.models.assign(words::kEveryTrustModel.begin(), words::kEveryTrustModel.end());
  plan.store_models = {words::StoreModel::documented, words::StoreModel::jsse};
  const cases::Matrix matrix =
      cases::for_customer(trust_matrix(*catalogue_), entry, stores.host(entry));
  const auto stated = cases::models_for(entry.protocol, {into.stated}, entry.checkserveridentity);
  for (const report::Verdict& verdict : shown_verdicts(matrix, plan)) {
    const bool is_model = std::ranges::find(stated, verdict.trust_model) != stated.end();
    const bool is_store = !verdict.store_model || *verdict.store_model == stated_store(subjects);
    into.readings.push_back({.model = verdict.trust_model,
                             .store = verdict.store_model.value_or(words::StoreModel::documented),
                             .has_store = verdict.store_model.has_value(),
                             .is_stated = is_model && is_store,
                             .endings = verdict.expected,
                             .reason = verdict.reason});
  }
}

std::optional<Probe> Gatherer::look(const Subjects& subjects, const Entry& entry,
                                    CustomerStores& stores) {
  if (request_.offline || !subjects.knows_host || subjects.source == Subjects::Source::guess) {
    return std::nullopt;
  }
  using namespace std::chrono;
  client::Settings settings{
      .mode = words::mode_of(entry.protocol, entry.tls),
      .host = entry.host,
      .port = entry.port,
      .username = entry.username,
      .password = entry.password,
      .trust = entry.trust,
      .trust_model = stated_model(subjects, entry),
      .mechanism = entry.mechanism,
      .stop_after = option_word<client::StopAfter>("--stop-after", request_.stop_after)};
  if (!entry.email.empty()) settings.sender = settings.recipient = entry.email;
  settings.base = entry.base;
  settings.filter = entry.filter;
  settings.timeouts =
      client::Timeouts::all(milliseconds(static_cast<long>(request_.deadline * 1000)));
  settings.store = std::make_shared<const tls::TrustStore>(stores.anchors().der);
  const CustomerStores::Found& found = stores.of(entry);
  if (found.store && found.store->store) {
    std::vector<std::string> held;
    for (const customer::StoreEntry& one : found.store->store->entries) {
      if (is_anchor(one)) held.push_back(one.der);
    }
    settings.host_store = std::make_shared<const client::HostTrustStore>(held, *settings.store,
                                                                         stated_store(subjects));
  }
  return probe(settings, kept_);
}

Gathered Gatherer::gather(const Subjects& subjects, const Entry& entry, CustomerStores& stores) {
  Gathered made;
  diagnosis::Evidence& evidence = made.evidence;
  evidence.server = {.where = subjects.where(entry),
                     .host = subjects.knows_host ? entry.host : "",
                     .host_is_guess = subjects.source == Subjects::Source::guess,
                     .port = entry.port,
                     .mode = words::mode_of(entry.protocol, entry.tls),
                     .mode_is_guess = !subjects.knows_mode,
                     .trust = entry.trust};
  evidence.stated = stated_model(subjects, entry);
  evidence.today = today();
  evidence.repeated = request_.command();
  evidence.shell = shell_for(subjects.file);
  if (log_ && log_->logged.line == 0) evidence.silent_log = log_->logged.file;
  if (is_in(logged_, entry)) {
    evidence.log = log_->logged;
    evidence.log->text = without_secrets(evidence.log->text);
    for (std::string& line : evidence.log->besides) line = without_secrets(line);
  }
  add_mistakes(subjects, entry, evidence);

  const bool is_given = chain_ && is_in(shows_, entry);
  std::optional<Probe> seen = look(subjects, entry, stores);
  if (seen) take_secrets_out(*seen);
  if (seen && !seen->chain_der.empty()) {
    GivenChain live{.file = entry.host + ".pem", .der = seen->chain_der};
    add_shown(entry, stores, live, true, evidence);
    if (is_given) {
      evidence.given = certificates_of(chain_->der).front();
      evidence.given_file = chain_->file;
    }
  } else if (is_given) {
    add_shown(entry, stores, *chain_, false, evidence);
  }
  add_stores(entry, stores, evidence);
  if (evidence.shown) {
    made.chain =
        told_certificates(seen && !seen->chain_der.empty() ? seen->chain_der : chain_->der);
    add_readings(subjects, entry, stores, evidence);
  }
  if (seen) {
    const auto failed = std::ranges::find(seen->steps, StepState::failed, &StepResult::state);
    evidence.seen = diagnosis::Seen{
        .ending = seen->ending,
        .sentence = seen->sentence,
        .failed_step = failed == seen->steps.end() ? "" : std::string(word(failed->step)),
        .offered = seen->capabilities,
        .offers_tls_masked = std::ranges::any_of(seen->capabilities, [](const std::string& line) {
          return line.size() >= 4 && line.find_first_not_of("Xx") >= line.size() - 1;
        })};
    made.steps = seen->steps;
    judge_steps(made.steps, evidence, seen->chain_der, seen->staple);
  }
  return made;
}

}  // namespace

std::vector<Gathered> gather(const DiagnoseRequest& request, const Kept& kept) {
  return Gatherer(request, kept).gather();
}

}  // namespace startle::program
