#include "cases/engine/judge_program.h"

#include <algorithm>

namespace startle::cases {
namespace {

using words::Invariant;
using words::Severity;

void make_note(Judgement& made, const std::string& why) {
  made.verdict.severity = Severity::note;
  made.verdict.reason += "; a note only: " + why;
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

}  // namespace

Judgement as_far_as_it_stands(Judgement made, const Exchange& exchange,
                              const subject::Standing& standing) {
  if (!standing.is_program) return made;
  if (never_came(made.verdict)) {
    const std::string& says = made.verdict.client_says;
    Judgement skipped{.verdict = verdict_on(exchange)};
    skipped.verdict.kind = report::VerdictKind::skip;
    skipped.verdict.reason = "the client never connected to the server: what it makes of it does "
                             "not show" + (says.empty() ? "" : " (it says: " + says + ")");
    return skipped;
  }
  if (made.verdict.kind != report::VerdictKind::fail) return made;
  if (!standing.states_timeout && only_hung(made.verdict)) {
    make_note(made, "nothing says that this client ends by itself");
  } else if (!standing.no_model.empty() && !exchange.stated && only_about_trust(made.verdict)) {
    make_note(made, "no trust model is this client's own: " + standing.no_model);
  }
  return made;
}

}  // namespace startle::cases
