#include "cases/engine/judge.h"

#include <algorithm>

#include "cases/engine/finding_texts.h"
#include "cases/engine/possible_endings.h"
#include "cases/engine/unmet.h"
#include "cases/engine/witness.h"
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
    case Invariant::did_not_await_tls:
      return Severity::false_accept;
    case Invariant::hung:
      return Severity::wrong_reason;
  }
  return Severity::leak;
}

std::string list_of(const std::vector<Ending>& endings) {
  std::string list;
  for (const Ending ending : endings)
    list += (list.empty() ? "" : " or ") + std::string(word(ending));
  return list;
}

// How such an ending is wrong; nothing: it is not. `served`: the server knows of a success.
std::optional<Severity> wrongness(const Expectation& expected, Ending observed, bool served) {
  const bool success = words::is_success(observed);
  // One that it knows nothing of is none.
  if (success && !served) return Severity::false_accept;
  const auto& right = expected.endings;
  if (std::find(right.begin(), right.end(), observed) != right.end()) return std::nullopt;
  // Of a client that states no reason there is none to compare.
  const bool may_refuse = !std::all_of(right.begin(), right.end(), words::is_success);
  if (observed == Ending::refused && may_refuse) return std::nullopt;
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

// The policy lets the session go on in clear, and the server is one that leads to it; of one that
// has words of its own nobody knows.
bool may_be_in_clear(const Exchange& exchange, const Expectation& expected) {
  const auto& right = expected.endings;
  return words::may_do_without_tls(exchange.mode, exchange.tls_policy) &&
         (right.empty() ||
          std::find(right.begin(), right.end(), Ending::delivered_in_clear) != right.end());
}

std::vector<Invariant> violations_of(const Exchange& exchange, const Expectation& expected,
                                     bool refuse_server, const fake::Observation& seen) {
  return fake::violations(seen, {.mode = exchange.mode,
                                 .may_be_in_clear = may_be_in_clear(exchange, expected),
                                 .refuse_server = refuse_server,
                                 .secret = exchange.secret});
}

// What is no violation, and yet what a user wants to know.
std::string told_in_clear(const Exchange& exchange, const Expectation& expected,
                          const fake::Observation& seen) {
  const bool given_away = may_be_in_clear(exchange, expected) && seen.handshakes == 0 &&
                          fake::holds_secret(seen.bytes_in_clear, exchange.secret);
  return given_away ? "; note: the secret went out in clear, which tls-policy=\"enable\" allows: "
                      "whoever strips or refuses STARTTLS has it"
                    : "";
}

// Of whoever fails for anything there is more to say than this.
std::string told_farewell(std::optional<Ending> ending, const fake::Observation& seen) {
  const bool is_silent = seen.left_without_close_notify && ending && words::is_success(*ending);
  return is_silent
             ? "; note: the client left TLS without close_notify (RFC 8446, 6.1; RFC 8314, 3.4)"
             : "";
}

// "expected delivered (why), but `this`"
std::string but(const Expectation& expected, const std::string& happened) {
  return "expected " + list_of(expected.endings) + " (" + expected.reason + "), but " + happened;
}

std::string told_violations(const std::vector<Invariant>& violations) {
  std::string told;
  for (const Invariant invariant : violations) {
    told += "; " + std::string(what_happened(invariant));
  }
  return told;
}

std::string told_unmet(const fake::Observation& seen) {
  std::string told;
  for (const fake::Point point : seen.unmet) {
    told += "; the client never came to `" + std::string(word(point)) + "`";
  }
  return told;
}

// What the client let pass; of one that is hung nothing is known.
std::string told_notes(const Exchange& exchange, const Run& run) {
  std::string told;
  if (run.hung) return told;
  for (const std::string& note : run.outcome.notes) {
    told += "; note: " + fake::blotted(note, exchange.secret);
  }
  if (run.left_open) told += "; note: the client had come to its end, and left its connection open";
  return told;
}

// ---- of what the server alone has seen ---------------------------------------------------------

// No ending that is left open is right.
bool is_wrong(const Expectation& expected, const Witnessed& client) {
  const bool served =
      std::any_of(client.possible.begin(), client.possible.end(), words::is_success);
  return std::all_of(client.possible.begin(), client.possible.end(), [&](Ending ending) {
    return wrongness(expected, ending, served).has_value();
  });
}

// Why what was seen speaks neither for the client nor against it; empty: it does.
std::string undecided(const ServerExpectation& expected, const Witnessed& client) {
  const auto& right = expected.endings;
  const auto is_right = [&right](Ending ending) {
    return std::find(right.begin(), right.end(), ending) != right.end();
  };
  const bool only_success =
      !right.empty() && std::all_of(right.begin(), right.end(), words::is_success);
  if (client.silent || (client.only_logged_in && only_success)) return client.what;
  const bool about_certificate = std::any_of(right.begin(), right.end(), [](Ending ending) {
    return words::is_success(ending) || words::is_certificate_ending(ending);
  });
  const bool shows = std::any_of(client.shown.begin(), client.shown.end(), is_right);
  if (client.left_untold && !shows && (about_certificate || right.empty())) return client.what;
  // A broken rule has no alert of its own.
  const bool for_another_reason =
      must_be_refused(right) && !client.named.empty() &&
      !std::any_of(client.named.begin(), client.named.end(), is_right) &&
      !is_right(Ending::validation_failure);
  if (!for_another_reason) return "";
  return client.what + " for another reason than " + list_of(right) +
         ": whether it looks at that does not show";
}

// Why the client has not met what the exchange is about, or may not have; empty: it has.
std::string why_unmet(const Exchange& exchange, const ServerExpectation& expected,
                      const Witnessed& client, const fake::Observation& seen) {
  const bool may_lack_list = expected.rests_on_revocation_list && !expected.as_told;
  if (may_lack_list && !client.refused_certificate) {
    return "whether the client was given the revocation list does not show";
  }
  return never_met(exchange, expected, seen);
}

// So of a server whose words are a user's own, and of a client that has broken no invariant: it has
// to have come to where the words stand.
std::string undecided_by_own_words(const Exchange& exchange, const ServerExpectation& expected,
                                   const Witnessed& client, const fake::Observation& seen) {
  if (must_be_refused(expected.endings)) {
    return client.refused_certificate ? undecided(expected, client)
                                      : client.what + told_unmet(seen);
  }
  const bool about_login = exchange.script.sasl.lie != fake::SaslLie::none;
  if (!seen.unmet.empty() || (about_login && seen.auth_used_in_tls.empty())) {
    return client.what + told_unmet(seen);
  }
  return exchange.script.deviations.empty() ? undecided(expected, client) : "";
}

// A server that lies in an exchange of SASL has told its lie to nobody who did not begin one: the
// client may know none of the mechanisms on offer, and leave as rightly.
std::string undecided_by_lie(const Exchange& exchange, const ServerExpectation& expected,
                             const Witnessed& client, const fake::Observation& seen) {
  const bool lies = exchange.script.sasl.lie != fake::SaslLie::none;
  const bool may_leave = std::find(expected.endings.begin(), expected.endings.end(),
                                   Ending::auth_unavailable) != expected.endings.end();
  if (!lies || may_leave || must_be_refused(expected.endings) || seen.handshakes == 0) return "";
  if (!seen.auth_used_in_tls.empty() || seen.reached < fake::Reached::tls) return "";
  return client.what + ", and began no exchange of SASL: what it makes of this one does not show";
}

// The client may be another than the case speaks of: told something else, or able to do less.
std::string undecided_by_client(const Exchange& exchange, const ServerExpectation& expected,
                                const Witnessed& client, const fake::Observation& seen) {
  std::string other;
  if (!expected.as_told) other = may_demand_tls(exchange, seen);
  if (!expected.as_told && other.empty() && client.refused_certificate)
    other = may_have_another_host(exchange, seen);
  if (!other.empty()) return other;
  // One that does right is right for whatever reason, unless the case speaks of another mechanism.
  const bool by_another = exchange.mechanism && !seen.auth_used_in_tls.empty();
  if (!by_another && !is_wrong(expected, client)) return "";
  if (!exchange.mechanism || !expected.as_told)
    other = may_lack_mechanism(exchange, expected, seen);
  return other;
}

}  // namespace

bool is_served(const Run& run) {
  const fake::Observation& seen = run.seen;
  if (seen.delivered > 0) return true;
  const bool directory = row_of(seen.protocol).is_directory;
  const bool bound = seen.authenticated || takes_login_for_done(seen);
  if (run.goal == subject::Goal::login) return directory && bound;
  return run.goal == subject::Goal::tls && seen.handshakes > 0;
}

bool must_be_refused(const std::vector<Ending>& endings) {
  return std::any_of(endings.begin(), endings.end(), words::is_certificate_ending) &&
         std::all_of(endings.begin(), endings.end(), [](Ending ending) {
           return words::is_certificate_ending(ending) || ending == Ending::handshake_failure;
         });
}

std::optional<words::StoreModel> store_model_of(const Exchange& exchange) {
  if (exchange.store == words::HostStore::system) return std::nullopt;
  return exchange.store_model;
}

report::Verdict verdict_on(const Exchange& exchange) {
  report::Verdict verdict;
  verdict.id = exchange.id;
  verdict.trust_model = exchange.trust_model;
  verdict.store_model = store_model_of(exchange);
  verdict.certificate = exchange.certificate;
  verdict.subject_to = exchange.subject_to;
  return verdict;
}

Judgement judge(const Exchange& exchange, const Expectation& expected, const Run& run) {
  Judgement made{.verdict = verdict_on(exchange)};
  report::Verdict& verdict = made.verdict;
  verdict.expected = expected.endings;
  verdict.requirements = exchange.requirements;
  verdict.reason = expected.reason;
  verdict.ms = run.ms;
  verdict.tls_version = run.seen.tls_version;
  verdict.alert = run.seen.alert;
  verdict.connections = run.seen.connections;
  verdict.handshakes = run.seen.handshakes;

  const std::string unmet = never_met(exchange, expected, run.seen);
  const bool refuse = expected.refuse_server || must_be_refused(expected.endings);
  verdict.violations = violations_of(exchange, expected, unmet.empty() && refuse, run.seen);
  if (fake::holds_secret(run.printed, exchange.secret)) {
    verdict.violations.push_back(Invariant::secret_in_output);
  }
  if (verdict.violations.empty() && !run.cannot.empty()) {
    verdict.kind = report::VerdictKind::skip;
    verdict.reason = "the client cannot do this: " + fake::blotted(run.cannot, exchange.secret);
    if (run.seen.handshakes > 0) verdict.reason += kSaidLate;
    return made;
  }
  if (verdict.violations.empty() && !run.seen.server_failure.empty()) {
    verdict.kind = report::VerdictKind::error;
    verdict.reason = run.seen.server_failure + ": this says nothing of the client";
    return made;
  }
  if (verdict.violations.empty() && !run.hung && !unmet.empty()) {
    verdict.kind = report::VerdictKind::skip;
    verdict.reason = unmet;
    return made;
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
    if (const auto wrong = wrongness(expected, run.outcome.ending, is_served(run))) weigh(*wrong);
  }
  for (const Invariant invariant : verdict.violations) weigh(severity_of(invariant));
  const std::string notes = told_notes(exchange, run) + told_in_clear(exchange, expected, run.seen);
  if (!worst) {
    verdict.reason += notes + told_farewell(verdict.observed, run.seen);
    return made;
  }

  verdict.kind = report::VerdictKind::fail;
  verdict.severity = worst;
  verdict.dialogue = fake::transcript(run.seen, exchange.secret);
  verdict.reason =
      but(expected, run.hung ? "the client did not end"
                             : "the client ended with " + std::string(word(run.outcome.ending)));
  if (!run.hung && words::is_success(run.outcome.ending) && !is_served(run)) {
    const auto& protocol = fake::server_protocol(words::protocol_of(exchange.mode));
    verdict.reason += ", and " + std::string(protocol.nothing_done);
  }
  verdict.reason += told_violations(verdict.violations) + told_unmet(run.seen) + notes;
  verdict.finding = finding_id(expected, verdict);
  made.finding = {.id = verdict.finding, .severity = *worst, .seen = verdict.reason};
  explain(made.finding, exchange, expected);
  return made;
}

ServerJudgement judge_seen(const Exchange& exchange, const ServerExpectation& expected,
                           const fake::Observation& seen) {
  const Witnessed client = witnessed(exchange, seen);
  const std::string unmet = why_unmet(exchange, expected, client, seen);
  const bool refuse = expected.untold.empty() && unmet.empty() && must_be_refused(expected.endings);
  ServerJudgement made{.ending = client.ending,
                       .violations = violations_of(exchange, expected, refuse, seen)};
  bool wrong = !made.violations.empty();
  std::string open = seen.server_failure.empty() ? expected.untold : seen.server_failure;
  if (open.empty()) open = unmet;
  if (open.empty() && expected.own_words) {
    open = undecided_by_own_words(exchange, expected, client, seen);
  } else if (open.empty()) {
    open = undecided_by_lie(exchange, expected, client, seen);
    if (open.empty()) open = undecided(expected, client);
    if (open.empty()) open = undecided_by_client(exchange, expected, client, seen);
    wrong = wrong || (open.empty() && is_wrong(expected, client));
  }
  if (wrong) {
    made.kind = report::VerdictKind::fail;
    made.reason = expected.endings.empty() ? client.what : but(expected, client.what);
    made.reason += told_violations(made.violations) + told_unmet(seen);
  } else if (!open.empty()) {
    made.reason = open;
  } else {
    made.kind = report::VerdictKind::pass;
    made.reason = expected.reason + told_in_clear(exchange, expected, seen) +
                  told_farewell(client.ending, seen);
  }
  return made;
}

}  // namespace startle::cases
