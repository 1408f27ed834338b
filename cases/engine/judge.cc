#include "cases/engine/judge.h"

#include <algorithm>

#include "cases/engine/finding_texts.h"
#include "fake-servers/dialogue/secret.h"
#include "fake-servers/protocols.h"

namespace startle::cases {
namespace {

using words::Ending;
using words::Invariant;
using words::Severity;

Severity severity_of(Invariant invariant) {
  switch (invariant) {
    case Invariant::secret_in_clear:
    case Invariant::payload_in_clear:
    case Invariant::secret_to_refused_peer:
    case Invariant::continued_after_refusal:
    case Invariant::secret_in_output:
      return Severity::leak;
    case Invariant::believed_injected_bytes:
    case Invariant::stale_capabilities:
    case Invariant::answered_forged_challenge:
    case Invariant::wrong_channel_binding:
    case Invariant::stepped_down:
      return Severity::false_accept;
    case Invariant::hung:
      return Severity::wrong_reason;
  }
  return Severity::leak;
}

// Nothing is to reach such a server. A certificate that cannot be read may end the handshake
// itself.
bool must_be_refused(const std::vector<Ending>& endings) {
  return std::any_of(endings.begin(), endings.end(), words::is_certificate_ending) &&
         std::all_of(endings.begin(), endings.end(), [](Ending ending) {
           return words::is_certificate_ending(ending) || ending == Ending::handshake_failure;
         });
}

std::string list_of(const std::vector<Ending>& endings) {
  std::string list;
  for (const Ending ending : endings)
    list += (list.empty() ? "" : " or ") + std::string(word(ending));
  return list;
}

// How the client's ending is wrong; nothing: it is not.
std::optional<Severity> wrongness(const Expectation& expected, const Run& run) {
  const Ending observed = run.outcome.ending;
  const bool success = words::is_success(observed);
  // A success that the server knows nothing of is none.
  if (success && run.seen.delivered == 0) return Severity::false_accept;
  const auto& right = expected.endings;
  if (std::find(right.begin(), right.end(), observed) != right.end()) return std::nullopt;
  if (success && std::none_of(right.begin(), right.end(), words::is_success)) {
    return Severity::false_accept;
  }
  if (!success && std::all_of(right.begin(), right.end(), words::is_success)) {
    return Severity::false_refuse;
  }
  return Severity::wrong_reason;
}

// One id per cause, so that one bug of a client is one line of a report.
std::string finding_id(const Expectation& expected, const report::Verdict& verdict) {
  const bool went_on =
      std::any_of(verdict.violations.begin(), verdict.violations.end(), [](Invariant invariant) {
        return invariant == Invariant::secret_to_refused_peer ||
               invariant == Invariant::continued_after_refusal;
      });
  const std::string right(word(expected.endings.front()));
  if (went_on) return "accepts/" + right;
  if (!verdict.violations.empty()) return std::string(word(verdict.violations.front()));
  if (verdict.severity == Severity::false_accept) return "accepts/" + right;
  const std::string observed(word(*verdict.observed));
  if (verdict.severity == Severity::false_refuse) return "refuses/" + observed;
  return "reason/" + right + "/" + observed;
}

}  // namespace

Expectation expectation_of(const Exchange& exchange, const oracle::Facts& facts) {
  if (exchange.stated) return *exchange.stated;
  oracle::Answer answer = oracle::expect({.model = exchange.trust_model,
                                          .mode = exchange.mode,
                                          .host = exchange.host,
                                          .trust = exchange.trust,
                                          .credential = credential_facts(exchange),
                                          .facts = facts,
                                          .store_model = exchange.store_model,
                                          .store = exchange.store});
  return {.endings = std::move(answer.endings), .reason = std::move(answer.reason)};
}

std::optional<words::StoreModel> store_model_of(const Exchange& exchange) {
  if (exchange.store == words::HostStore::system) return std::nullopt;
  return exchange.store_model;
}

Judgement judge(const Exchange& exchange, const Expectation& expected, const Run& run) {
  Judgement made;
  report::Verdict& verdict = made.verdict;
  verdict.id = exchange.id;
  verdict.trust_model = exchange.trust_model;
  verdict.store_model = store_model_of(exchange);
  verdict.expected = expected.endings;
  verdict.requirements = exchange.requirements;
  verdict.certificate = exchange.certificate;
  verdict.subject_to = exchange.subject_to;
  verdict.reason = expected.reason;
  verdict.ms = run.ms;
  verdict.tls_version = run.seen.tls_version;
  verdict.alert = run.seen.alert;
  verdict.connections = run.seen.connections;
  verdict.handshakes = run.seen.handshakes;

  verdict.violations =
      fake::violations(run.seen, {.mode = exchange.mode,
                                  .refuse_server = must_be_refused(expected.endings),
                                  .secret = exchange.secret});
  if (fake::holds_secret(run.printed, exchange.secret)) {
    verdict.violations.push_back(Invariant::secret_in_output);
  }
  std::optional<Severity> worst;
  const auto weigh = [&worst](Severity severity) {
    worst = worst ? std::max(*worst, severity) : severity;
  };
  if (run.hung) {
    verdict.violations.push_back(Invariant::hung);
  } else {
    verdict.observed = run.outcome.ending;
    // It may quote the server, who knows the secret.
    verdict.client_says = fake::blotted(run.outcome.sentence, exchange.secret);
    for (const std::string& note : run.outcome.notes) {
      verdict.reason += "; note: " + fake::blotted(note, exchange.secret);
    }
    if (const auto wrong = wrongness(expected, run)) weigh(*wrong);
  }
  for (const Invariant invariant : verdict.violations) weigh(severity_of(invariant));
  if (!worst) return made;

  verdict.kind = report::VerdictKind::fail;
  verdict.severity = worst;
  verdict.dialogue = fake::transcript(run.seen, exchange.secret);
  const std::string observed =
      run.hung ? "the client did not end"
               : "the client ended with " + std::string(word(run.outcome.ending));
  verdict.reason =
      "expected " + list_of(expected.endings) + " (" + expected.reason + "), but " + observed;
  if (!run.hung && words::is_success(run.outcome.ending) && run.seen.delivered == 0) {
    const auto& protocol = fake::server_protocol(words::protocol_of(exchange.mode));
    verdict.reason += ", and " + std::string(protocol.nothing_done);
  }
  for (const Invariant invariant : verdict.violations) {
    verdict.reason += "; " + std::string(what_happened(invariant));
  }
  for (const fake::Point point : run.seen.unmet) {
    verdict.reason += "; the client never came to `" + std::string(word(point)) + "`";
  }
  verdict.finding = finding_id(expected, verdict);
  made.finding = {.id = verdict.finding, .severity = *worst, .seen = verdict.reason};
  explain(made.finding, exchange, expected);
  return made;
}

}  // namespace startle::cases
