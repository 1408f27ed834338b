#include "cases/engine/judge_program.h"

#include <algorithm>
#include <utility>

#include "cases/engine/unmet.h"

namespace startle::cases {
namespace {

using words::Invariant;
using words::Severity;

void make_note(Judgement& made, const std::string& why) {
  made.verdict.severity = Severity::note;
  made.verdict.reason += std::string(kNoteOnly) + why;
  made.finding.severity = Severity::note;
  made.finding.seen = made.verdict.reason;
}

// All that is wrong is that it did not end.
bool only_hung(const report::Verdict& verdict) {
  return !verdict.violations.empty() &&
         std::all_of(verdict.violations.begin(), verdict.violations.end(),
                     [](Invariant one) { return one == Invariant::hung; });
}

// All that is wrong follows from whether a certificate was accepted.
bool only_about_trust(const report::Verdict& verdict) {
  return std::all_of(verdict.violations.begin(), verdict.violations.end(), [](Invariant one) {
    return one == Invariant::secret_to_refused_peer || one == Invariant::continued_after_refusal;
  });
}

// Clients in use do so, and the rules were theirs when they were written.
void note_common_name(Judgement& made) {
  made.finding.id = "accepts/common-name";
  made.finding.why =
      "authorities vouch for a common name less than for a dNSName, and name constraints do not "
      "bind it";
  made.finding.fix = "compare the dNSName and iPAddress entries alone (RFC 9525, 2)";
  make_note(made,
            "before RFC 9525 the common name could stand in where there is no subjectAltName "
            "(RFC 6125, 6.4.4)");
}

// It came to no server, and was not to be kept from it by what it was told.
bool never_came(const report::Verdict& verdict) {
  using words::Ending;
  const auto& right = verdict.expected;
  const bool may_stay_away = std::any_of(right.begin(), right.end(), [](Ending one) {
    return one == Ending::configuration_error || one == Ending::not_connected;
  });
  return verdict.connections == 0 && verdict.violations.empty() && verdict.observed &&
         !words::is_success(*verdict.observed) && !may_stay_away;
}

// Decided before anything is said inside TLS.
bool is_decided_by_tls(const Exchange& exchange) {
  using words::Ending;
  if (!exchange.stated) return exchange.script.deviations.empty();
  const auto& right = exchange.stated->endings;
  return std::all_of(right.begin(), right.end(), [](Ending one) {
    return one == Ending::starttls_not_supported || one == Ending::starttls_refused ||
           one == Ending::handshake_failure || words::is_certificate_ending(one);
  });
}

}  // namespace

std::string beyond_reach(const Exchange& exchange, const subject::Standing& standing) {
  if (!standing.is_program) return "";
  if (exchange.store != words::HostStore::system) {
    return "the client cannot be given a key store for the host";
  }
  if (exchange.attempts != Setup{}.attempts) return "the client cannot be told how often to try";
  if (standing.goal != subject::Goal::tls || is_decided_by_tls(exchange)) return "";
  return "the client goes no further than TLS";
}

Judgement judge_client(const Exchange& exchange, const Expectation& expected, const Run& run,
                       const subject::Standing& standing) {
  if (!standing.is_program) return judge(exchange, expected, run);
  Run met = run;
  words::Ending& ending = met.outcome.ending;
  // No exit code says so.
  const bool in_clear =
      met.seen.connections > 0 && met.seen.tls_version.empty() && words::demands_tls(exchange.mode);
  if (words::is_success(ending) && in_clear) ending = words::Ending::delivered_in_clear;
  Judgement made = judge(exchange, expected, met);
  const bool by_common_name = expected.rests_on_common_name && only_about_trust(made.verdict);
  if (by_common_name && made.verdict.kind == report::VerdictKind::fail &&
      words::is_success(ending)) {
    note_common_name(made);
  }
  const bool by_success_alone = made.verdict.kind == report::VerdictKind::fail &&
                                made.verdict.violations.empty() && !met.hung &&
                                words::is_success(ending) && is_served(met);
  // Who goes no further than TLS says by his success alone that he accepted the certificate.
  if (!by_success_alone || standing.goal == subject::Goal::tls) return made;
  // Whether it should have had any may depend on what nobody has told it.
  std::string why = may_do_less(exchange, expected, met.seen);
  if (why.empty()) {
    const ServerJudgement seen = judge_seen(exchange, {{expected}, false, "", true}, met.seen);
    if (seen.kind) return made;
    why = seen.reason;
  }
  Judgement skipped{.verdict = verdict_on(exchange)};
  skipped.verdict.kind = report::VerdictKind::skip;
  skipped.verdict.reason = std::move(why);
  return skipped;
}

Judgement as_far_as_it_stands(Judgement made, const Exchange& exchange,
                              const subject::Standing& standing) {
  if (!standing.is_program) return made;
  if (never_came(made.verdict)) {
    const std::string& says = made.verdict.client_says;
    Judgement skipped{.verdict = verdict_on(exchange)};
    skipped.verdict.kind = report::VerdictKind::skip;
    skipped.verdict.observed = made.verdict.observed;  // it tried, and did not say that it cannot
    skipped.verdict.reason =
        "the client never connected to the server: what it makes of it does "
        "not show" +
        (says.empty() ? "" : " (it says: " + says + ")");
    return skipped;
  }
  if (made.verdict.kind != report::VerdictKind::fail) return made;
  const bool gave_up = made.verdict.observed == words::Ending::timeout &&
                       made.verdict.violations.empty() &&
                       made.verdict.severity == Severity::wrong_reason;
  if (gave_up) make_note(made, "the time-out that the client was told came before its end");
  if (!standing.states_timeout && only_hung(made.verdict)) {
    make_note(made, "nothing says that this client ends by itself");
  } else if (!standing.no_model.empty() && !exchange.stated && only_about_trust(made.verdict)) {
    make_note(made, "no trust model is this client's own: " + standing.no_model);
  }
  return made;
}

}  // namespace startle::cases
