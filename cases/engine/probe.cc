#include "cases/engine/probe.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "cases/engine/judge_program.h"
#include "harness/base/error.h"
#include "harness/sasl/mechanism.h"

namespace startle::cases {
namespace {

using report::VerdictKind;
using sasl::Mechanism;
using subject::CredentialForm;
using subject::Lack;
using subject::TrustForm;

class Listed final : public ExchangeSource {
 public:
  explicit Listed(std::vector<Exchange> exchanges) : exchanges_(std::move(exchanges)) {}
  std::optional<Exchange> next() override {
    if (at_ == exchanges_.size()) return std::nullopt;
    return exchanges_[at_++];
  }

 private:
  std::vector<Exchange> exchanges_;
  std::size_t at_ = 0;
};

class Collected final : public report::Report {
 public:
  void add(const report::Verdict& verdict) override { verdicts_.push_back(verdict); }
  void end(const report::RunEnd& /*end*/) override {}
  const std::vector<report::Verdict>& verdicts() const { return verdicts_; }

 private:
  std::vector<report::Verdict> verdicts_{};
};

std::vector<report::Verdict> verdicts_of(const Catalogue& catalogue, const subject::Subject& client,
                                         const RunOptions& how, std::vector<Exchange> exchanges) {
  Listed source(std::move(exchanges));
  Collected collected;
  RunOptions quiet = how;
  quiet.progress = {};
  quiet.reproduce = {};
  quiet.expected = nullptr;
  quiet.known = {};
  const RunResult result = run_all(catalogue, client, source, quiet, {&collected});
  // Whoever is told to stop has learnt nothing.
  return result.stopped ? std::vector<report::Verdict>() : collected.verdicts();
}

// An exchange that has to succeed did. What else it did wrong, its password printed, is for the
// cases to say.
bool works(const report::Verdict& verdict) {
  if (verdict.kind == VerdictKind::pass) return true;
  return verdict.kind == VerdictKind::fail && !verdict.violations.empty() && verdict.observed &&
         words::is_success(*verdict.observed);
}

// Who gives a secret away to a sound server is not to be passed over: the cases say where.
bool is_to_be_judged(const report::Verdict& verdict) {
  const bool leaks = verdict.kind == VerdictKind::fail && verdict.severity == words::Severity::leak;
  return leaks || works(verdict);
}

// As it is said of one that stops everything: no note.
std::string without_note(const std::string& reason) {
  return reason.substr(0, reason.find(kNoteOnly));
}

Exchange exchange_for(const Setup& setup, const std::string& what, const ProbeSettings& settings) {
  return make_exchange(setup, "sanity/mode=" + std::string(word(setup.mode)) + what, settings.host,
                       {.trust = settings.trust_model}, settings.seed);
}

// ---- what a client can be told -----------------------------------------------------------------

// Something that a client can do, or not, in one mode.
struct Trial {
  Setup setup{};
  std::string what{};                              // "/mechanism=PLAIN"
  std::optional<words::TrustModel> trust_model{};  // nullopt: the client's
  Lack lack{};                                     // of whoever fails
};

Trial trial_of(words::Mode mode) {
  Trial trial;
  trial.setup.mode = mode;
  trial.lack.mode = mode;
  return trial;
}

void add_mechanisms(std::vector<Trial>& trials, words::Mode mode) {
  const bool mail = row_of(words::protocol_of(mode)).is_mail;
  for (std::size_t i = 0; i < count_of<Mechanism>(); ++i) {
    const auto mechanism = static_cast<Mechanism>(i);
    if (!mail && sasl::is_for_mail_alone(mechanism)) continue;
    Trial told = trial_of(mode);
    told.what = "/mechanism=" + std::string(word(mechanism));
    told.lack.mechanism = mechanism;
    told.setup.mechanism = std::string(word(mechanism));
    if (mechanism == Mechanism::external) {
      told.setup.client_certificate = certs::ClientCertificate::valid;
      told.setup.username.reset();
      told.setup.password.reset();
    }
    trials.push_back(told);
    if (!mail || mechanism == Mechanism::external || sasl::takes_token(mechanism)) continue;
    Trial offered = trial_of(mode);
    offered.what = "/offered=" + std::string(word(mechanism));
    offered.lack.known = mechanism;
    offered.setup.script.sasl.mechanisms = std::string(word(mechanism));
    trials.push_back(offered);
  }
}

void add_trust(std::vector<Trial>& trials, words::Mode mode) {
  Trial any = trial_of(mode);
  any.what = "/trust=any";
  any.lack.trust = TrustForm::any;
  any.setup.trust = "*";
  any.setup.certificate = "unknown-ca";
  any.trust_model = words::TrustModel::documented;  // in which nothing is validated then
  trials.push_back(any);
  Trial names = trial_of(mode);
  names.what = "/trust=names";
  names.lack.trust = TrustForm::names;
  names.setup.trust = "{host} elsewhere.example.net";
  names.setup.certificate = "mismatched";  // issued to elsewhere.example.net
  trials.push_back(names);
  Trial absent = trial_of(mode);
  absent.what = "/trust=absent";
  absent.lack.trust = TrustForm::absent;
  absent.setup.trust.reset();
  trials.push_back(absent);
}

void add_credentials(std::vector<Trial>& trials, words::Mode mode) {
  // Where nothing but a refusal is right, whoever cannot refuses as well.
  if (!row_of(words::protocol_of(mode)).is_directory) return;
  Trial none = trial_of(mode);
  none.what = "/credential=none";
  none.lack.credential = CredentialForm::none;
  none.setup.username.reset();
  none.setup.password.reset();
  trials.push_back(none);
}

bool passed_at(const std::vector<report::Verdict>& verdicts, std::size_t i) {
  return i < verdicts.size() && verdicts[i].kind == VerdictKind::pass;
}

bool works_at(const std::vector<report::Verdict>& verdicts, std::size_t i) {
  return i < verdicts.size() && works(verdicts[i]);
}

// By a case that a client which ignores the setting fails.
void try_policy(const Catalogue& catalogue, const subject::Subject& client, const RunOptions& how,
                const ProbeSettings& settings, const std::vector<words::Mode>& usable,
                subject::Abilities& found) {
  std::vector<Exchange> exchanges;
  for (const char* id : {"smtp/tls-policy/not-offered", "ldap/tls-policy/not-offered"}) {
    for (const Case& one : catalogue.cases()) {
      const bool can = std::find(usable.begin(), usable.end(), one.setup.mode) != usable.end();
      if (one.id != id || !can) continue;
      exchanges.push_back(make_exchange(one.setup, one.id, settings.host,
                                        {.trust = settings.trust_model}, settings.seed));
      exchanges.back().stated = stated(one.expect);
    }
  }
  const auto verdicts = verdicts_of(catalogue, client, how, exchanges);
  // Whoever refuses may be right as well, and shows nothing.
  const bool all = std::all_of(verdicts.begin(), verdicts.end(), [](const report::Verdict& one) {
    return one.kind == VerdictKind::pass && one.observed && words::is_success(*one.observed);
  });
  if (!all) found.tls_policies = {words::TlsPolicy::required};
}

bool can_read_revocation_lists(const Catalogue& catalogue, const subject::Subject& client,
                               const RunOptions& how, const ProbeSettings& settings,
                               words::Mode mode) {
  // One that holds the certificate, and one that does not.
  std::vector<Exchange> exchanges;
  for (const char* certificate : {"revoked-by-crl", "crl-without-it"}) {
    Setup setup;
    setup.mode = mode;
    setup.certificate = certificate;
    exchanges.push_back(exchange_for(setup, "/certificate=" + setup.certificate, settings));
  }
  const auto verdicts = verdicts_of(catalogue, client, how, std::move(exchanges));
  return passed_at(verdicts, 0) && passed_at(verdicts, 1);
}

}  // namespace

Sanity sanity(const Catalogue& catalogue, const subject::Subject& client, const RunOptions& how,
              const ProbeSettings& settings, const std::vector<words::Mode>& modes) {
  const auto& policies = client.abilities().tls_policies;
  std::vector<Exchange> exchanges;
  for (const words::Mode mode : modes) {
    Setup setup;
    setup.mode = mode;
    // One that cannot be told to demand TLS is told nothing of the kind.
    if (policies.size() == 1) setup.tls_policy = policies.front();
    exchanges.push_back(exchange_for(setup, "", settings));
  }
  const auto verdicts = verdicts_of(catalogue, client, how, std::move(exchanges));
  Sanity found;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const report::Verdict& verdict = verdicts[i];
    if (is_to_be_judged(verdict)) {
      found.usable.push_back(modes[i]);
    } else if (verdict.kind == VerdictKind::error) {
      throw Error(Fault::input, verdict.reason);
    } else if (verdict.kind != VerdictKind::skip || verdict.observed) {
      const std::string& says = verdict.client_says;
      found.unusable.push_back({modes[i], without_note(verdict.reason) +
                                              (says.empty() ? "" : " (it says: " + says + ")")});
    }
  }
  return found;
}

subject::Abilities abilities_found(const Catalogue& catalogue, const subject::Subject& client,
                                   const RunOptions& how, const ProbeSettings& settings,
                                   const std::vector<words::Mode>& usable) {
  std::vector<Trial> trials;
  for (const words::Mode mode : usable) {
    add_mechanisms(trials, mode);
    add_trust(trials, mode);
    add_credentials(trials, mode);
  }
  std::vector<Exchange> exchanges;
  for (const Trial& trial : trials) {
    ProbeSettings of_trial = settings;
    if (trial.trust_model) of_trial.trust_model = *trial.trust_model;
    exchanges.push_back(exchange_for(trial.setup, trial.what, of_trial));
  }
  const auto verdicts = verdicts_of(catalogue, client, how, std::move(exchanges));
  subject::Abilities found = client.abilities();
  found.modes = usable;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (!works_at(verdicts, i)) found.lacks.push_back(trials[i].lack);
  }
  if (usable.empty()) return found;
  found.takes_revocation_lists =
      can_read_revocation_lists(catalogue, client, how, settings, usable.front());
  try_policy(catalogue, client, how, settings, usable, found);
  return found;
}

}  // namespace startle::cases
