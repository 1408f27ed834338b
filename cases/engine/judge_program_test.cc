// What is left of a judgement on somebody else's client.

#include "cases/engine/judge_program.h"

#include <gtest/gtest.h>

#include "cases/engine/judge_for_test.h"

namespace startle::cases {
namespace {

using report::VerdictKind;
using words::Ending;
using words::Invariant;
using words::Severity;

subject::Standing program() {
  return {.trust_model = words::TrustModel::pkix, .states_timeout = false, .is_program = true};
}

// ---- out of reach ------------------------------------------------------------------------------

TEST(BeyondReach, IsNothingForTheBuiltInClient) {
  Exchange asked = exchange();
  asked.store = words::HostStore::host_jks;
  asked.attempts = "2";
  EXPECT_EQ(beyond_reach(asked, {}), "");
}

TEST(BeyondReach, IsWhatNoProgramIsTold) {
  Exchange with_store = exchange();
  with_store.store = words::HostStore::host_jks;
  EXPECT_EQ(beyond_reach(with_store, program()),
            "the client cannot be given a key store for the host");
  Exchange again = exchange();
  again.attempts = "2";
  EXPECT_EQ(beyond_reach(again, program()), "the client cannot be told how often to try");
  EXPECT_EQ(beyond_reach(exchange(), program()), "");
}

struct GoalRow {
  const char* name;
  subject::Goal goal;
  std::vector<Ending> stated;  // empty: the oracle is asked
  bool deviates;
  bool reached;
};

void PrintTo(const GoalRow& row, std::ostream* out) {
  *out << row.name;
}

const GoalRow kGoals[] = {
    {"OracleOfTls", subject::Goal::tls, {}, false, true},
    {"DeviationUnstated", subject::Goal::tls, {}, true, false},
    {"DecidedByCertificate", subject::Goal::tls, {Ending::certificate_expired}, true, true},
    {"DecidedByStarttls",
     subject::Goal::tls,
     {Ending::starttls_refused, Ending::starttls_not_supported},
     true,
     true},
    {"DecidedBehindTls", subject::Goal::tls, {Ending::auth_rejected}, true, false},
    {"DecidedByBoth",
     subject::Goal::tls,
     {Ending::certificate_expired, Ending::auth_rejected},
     true,
     false},
    {"Login", subject::Goal::login, {Ending::auth_rejected}, true, true},
    {"Message", subject::Goal::message, {Ending::message_rejected}, true, true},
};

class GoalTest : public testing::TestWithParam<GoalRow> {};

TEST_P(GoalTest, IsReachedOrNot) {
  Exchange asked = exchange();
  if (!GetParam().stated.empty()) asked.stated = Expectation{.endings = GetParam().stated};
  if (GetParam().deviates) asked.script.deviations.emplace_back();
  subject::Standing standing = program();
  standing.goal = GetParam().goal;
  EXPECT_EQ(beyond_reach(asked, standing),
            GetParam().reached ? "" : "the client goes no further than TLS");
}
INSTANTIATE_TEST_SUITE_P(All, GoalTest, testing::ValuesIn(kGoals),
                         [](const auto& row) { return std::string(row.param.name); });

// ---- judged ------------------------------------------------------------------------------------

// One that connected, and reached TLS.
Run met(Ending ending) {
  Run run = ended(ending);
  run.seen.connections = 1;
  run.seen.tls_version = "TLS1.3";
  return run;
}

TEST(JudgeClient, TakesASuccessWithoutTlsForOneInClear) {
  auto run = met(Ending::delivered);
  run.seen.tls_version = "";
  const Judgement made = judge_client(exchange(), {.endings = {Ending::delivered}}, run, program());
  EXPECT_EQ(made.verdict.observed, Ending::delivered_in_clear);
  EXPECT_EQ(made.verdict.kind, VerdictKind::fail);
  // The built-in client says so itself.
  EXPECT_EQ(judge_client(exchange(), {.endings = {Ending::delivered}}, run, {}).verdict.observed,
            Ending::delivered);
}

TEST(JudgeClient, TakesASuccessInsideTlsForWhatItIs) {
  const Judgement made =
      judge_client(exchange(), {.endings = {Ending::delivered}}, met(Ending::delivered), program());
  EXPECT_EQ(made.verdict.observed, Ending::delivered);
  EXPECT_EQ(made.verdict.kind, VerdictKind::pass) << made.verdict.reason;
}

// RFC 6125, 6.4.4: what was right until RFC 9525 is no accusation.
TEST(JudgeClient, HasANoteForACommonNameAlone) {
  Expectation expected{.endings = {Ending::certificate_host_mismatch}};
  EXPECT_EQ(judge_client(exchange(), expected, met(Ending::delivered), program()).verdict.severity,
            Severity::false_accept);
  expected.rests_on_common_name = true;
  const Judgement made = judge_client(exchange(), expected, met(Ending::delivered), program());
  EXPECT_EQ(made.verdict.severity, Severity::note);
  EXPECT_EQ(made.finding.id, "accepts/common-name");
  EXPECT_TRUE(made.verdict.reason.ends_with("(RFC 6125, 6.4.4)")) << made.verdict.reason;
  EXPECT_NE(judge_client(exchange(), expected, met(Ending::delivered), {}).verdict.severity,
            Severity::note)
      << "of our own client more is known";
}

TEST(JudgeClient, SkipsWhatTheClientCannotDo) {
  auto run = met(Ending::not_connected);
  run.seen = {};
  run.cannot = "no STARTTLS";
  const Judgement made = judge_client(exchange(), {.endings = {Ending::delivered}}, run, program());
  EXPECT_EQ(made.verdict.kind, VerdictKind::skip);
  EXPECT_EQ(made.verdict.reason, "the client cannot do this: no STARTTLS");
}

TEST(JudgeClient, OfWhatItCannotDoBehindAHandshakeASkipSaysSo) {
  auto run = met(Ending::not_connected);
  run.seen.handshakes = 1;
  run.cannot = "no";
  const Judgement made = judge_client(exchange(), {.endings = {Ending::delivered}}, run, program());
  EXPECT_EQ(made.verdict.kind, VerdictKind::skip);
  EXPECT_EQ(made.verdict.reason, "the client cannot do this: no" + std::string(kSaidLate));
}

// ---- as far as it stands -----------------------------------------------------------------------

Judgement failed(std::vector<Invariant> violations, Severity severity) {
  Judgement made{.verdict = verdict_on(exchange())};
  made.verdict.kind = VerdictKind::fail;
  made.verdict.severity = severity;
  made.verdict.expected = {Ending::certificate_expired};
  made.verdict.observed = Ending::delivered;
  made.verdict.violations = std::move(violations);
  made.verdict.connections = 1;
  made.verdict.reason = "so it is";
  made.finding.severity = severity;
  return made;
}

void expect_note(const Judgement& made, const std::string& why) {
  EXPECT_EQ(made.verdict.kind, VerdictKind::fail);
  EXPECT_EQ(made.verdict.severity, Severity::note);
  EXPECT_EQ(made.finding.severity, Severity::note);
  EXPECT_EQ(made.verdict.reason, "so it is; a note only: " + why);
  EXPECT_EQ(made.finding.seen, made.verdict.reason);
}

void expect_unchanged(const Judgement& made, Severity severity) {
  EXPECT_EQ(made.verdict.kind, VerdictKind::fail);
  EXPECT_EQ(made.verdict.severity, severity);
  EXPECT_EQ(made.verdict.reason, "so it is");
}

TEST(Standing, OfOneThatNeverConnectedIsNone) {
  Judgement made = failed({}, Severity::wrong_reason);
  made.verdict.observed = Ending::refused;
  made.verdict.connections = 0;
  made.verdict.client_says = "no route";
  const Judgement skipped = as_far_as_it_stands(made, exchange(), program());
  EXPECT_EQ(skipped.verdict.kind, VerdictKind::skip);
  EXPECT_EQ(skipped.verdict.observed, Ending::refused) << "it tried";
  EXPECT_EQ(skipped.verdict.reason,
            "the client never connected to the server: what it makes of it does not show (it says: "
            "no route)");
  // Nor does it pass, by a refusal that might have been right.
  made.verdict.kind = VerdictKind::pass;
  EXPECT_EQ(as_far_as_it_stands(made, exchange(), program()).verdict.kind, VerdictKind::skip);
}

TEST(Standing, OfOneThatMayStayAwayIsWhole) {
  Judgement made = failed({}, Severity::wrong_reason);
  made.verdict.kind = VerdictKind::pass;
  made.verdict.observed = Ending::refused;
  made.verdict.connections = 0;
  for (const Ending right : {Ending::configuration_error, Ending::not_connected}) {
    made.verdict.expected = {right};
    EXPECT_EQ(as_far_as_it_stands(made, exchange(), program()).verdict.kind, VerdictKind::pass);
  }
}

TEST(Standing, OfOneThatClaimsASuccessWithoutAConnectionIsWhole) {
  Judgement made = failed({}, Severity::wrong_reason);
  made.verdict.connections = 0;
  expect_unchanged(as_far_as_it_stands(made, exchange(), program()), Severity::wrong_reason);
}

TEST(Standing, OfAHangIsANoteUnlessATimeoutIsStated) {
  Judgement made = failed({Invariant::hung}, Severity::wrong_reason);
  made.verdict.observed.reset();
  expect_note(as_far_as_it_stands(made, exchange(), program()),
              "nothing says that this client ends by itself");
  subject::Standing states = program();
  states.states_timeout = true;
  expect_unchanged(as_far_as_it_stands(made, exchange(), states), Severity::wrong_reason);
  made.verdict.violations.push_back(Invariant::secret_in_clear);
  expect_unchanged(as_far_as_it_stands(made, exchange(), program()), Severity::wrong_reason);
}

TEST(Standing, OfATimeoutThatItWasToldIsANote) {
  Judgement made = failed({}, Severity::wrong_reason);
  made.verdict.observed = Ending::timeout;
  expect_note(as_far_as_it_stands(made, exchange(), program()),
              "the time-out that the client was told came before its end");
}

TEST(Standing, WithoutAModelIsANoteWhereTrustAloneIsWrong) {
  subject::Standing standing = program();
  standing.no_model = "it asks DANE";
  const auto trust = failed({Invariant::secret_to_refused_peer}, Severity::leak);
  expect_note(as_far_as_it_stands(trust, exchange(), standing),
              "no trust model is this client's own: it asks DANE");
  expect_unchanged(as_far_as_it_stands(trust, exchange(), program()), Severity::leak);
  const auto more =
      failed({Invariant::secret_to_refused_peer, Invariant::secret_in_output}, Severity::leak);
  expect_unchanged(as_far_as_it_stands(more, exchange(), standing), Severity::leak);
  Exchange stated = exchange();
  stated.stated = Expectation{.endings = {Ending::certificate_expired}};
  expect_unchanged(as_far_as_it_stands(trust, stated, standing), Severity::leak);
}

TEST(Standing, OfTheBuiltInClientIsWhole) {
  expect_unchanged(as_far_as_it_stands(failed({Invariant::hung}, Severity::wrong_reason),
                                       exchange(), {.states_timeout = false}),
                   Severity::wrong_reason);
}

}  // namespace
}  // namespace startle::cases
