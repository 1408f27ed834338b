#include "cases/engine/judge.h"

#include <gtest/gtest.h>

#include "cases/engine/judge_for_test.h"
#include "harness/base/bytes.h"

namespace startle::cases {
namespace {

using enum words::Ending;
using words::Ending;
using words::Invariant;
using words::Severity;
using Endings = std::vector<Ending>;

// ---- endings -----------------------------------------------------------------------------------

struct EndingRow {
  const char* name;
  Endings expected;
  Ending observed;
  std::optional<Severity> severity;  // nullopt: passes
  const char* finding;
};

void PrintTo(const EndingRow& row, std::ostream* out) {
  *out << row.name;
}

class EndingTest : public testing::TestWithParam<EndingRow> {};

TEST_P(EndingTest, IsJudged) {
  const EndingRow& row = GetParam();
  const Judgement made = judge(exchange(), {row.expected, "r"}, ended(row.observed));
  EXPECT_EQ(made.verdict.kind,
            row.severity ? report::VerdictKind::fail : report::VerdictKind::pass);
  EXPECT_EQ(made.verdict.severity, row.severity);
  EXPECT_EQ(made.verdict.finding, row.finding);
  EXPECT_EQ(made.finding.id, row.finding);
  EXPECT_EQ(made.verdict.expected, row.expected);
  EXPECT_EQ(made.verdict.observed, row.observed);
  if (row.severity) {
    EXPECT_EQ(made.finding.severity, *row.severity);
    EXPECT_FALSE(made.finding.why.empty());
    EXPECT_FALSE(made.finding.fix.empty());
  }
}

const EndingRow kEndings[] = {
    {"AsExpected", {delivered}, delivered, std::nullopt, ""},
    {"OneOfTwo", {protocol_error, delivered}, delivered, std::nullopt, ""},
    {"OtherOfTwo", {protocol_error, delivered}, protocol_error, std::nullopt, ""},
    {"AcceptsExpired",
     {certificate_expired},
     delivered,
     Severity::false_accept,
     "accepts/certificate-expired"},
    {"AcceptsWithoutTls",
     {starttls_refused},
     delivered_in_clear,
     Severity::false_accept,
     "accepts/starttls-refused"},
    {"AcceptsWhatNoneOfTwoAllows",
     {timeout, connection_lost},
     delivered,
     Severity::false_accept,
     "accepts/timeout"},
    {"RefusesValid",
     {delivered},
     certificate_not_trusted,
     Severity::false_refuse,
     "refuses/certificate-not-trusted"},
    {"TimesOutOnValid", {delivered}, timeout, Severity::false_refuse, "refuses/timeout"},
    {"OtherReason",
     {certificate_expired},
     certificate_not_trusted,
     Severity::wrong_reason,
     "reason/certificate-expired/certificate-not-trusted"},
    {"NoReasonOfTwo",
     {timeout, connection_lost},
     protocol_error,
     Severity::wrong_reason,
     "reason/timeout/protocol-error"},
    {"RefusalWhereOneOfTwoDelivers",
     {protocol_error, delivered},
     timeout,
     Severity::wrong_reason,
     "reason/protocol-error/timeout"},
    {"SuccessOfAnotherKind",
     {delivered},
     delivered_in_clear,
     Severity::wrong_reason,
     "reason/delivered/delivered-in-clear"},
};
INSTANTIATE_TEST_SUITE_P(All, EndingTest, testing::ValuesIn(kEndings),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Judge, SaysWhatWasExpectedAndWhatCame) {
  const Judgement made = judge(exchange(), {{certificate_expired, validation_failure}, "the rule"},
                               ended(certificate_not_trusted));
  EXPECT_EQ(made.verdict.reason,
            "expected certificate-expired or validation-failure (the rule), but the client ended "
            "with certificate-not-trusted");
  EXPECT_EQ(made.verdict.client_says, "so it says");
}

// The server knows the secret, and the client may quote the server.
TEST(Judge, WhatTheClientSaysHoldsNoSecret) {
  const std::string secret(kSecret);
  cases::Run run = ended(delivered);
  run.outcome.sentence = "the server says " + secret + ", " + to_base64("x" + secret);
  run.outcome.notes = {"it calls itself " + secret};
  const Judgement made = judge(exchange(), {{delivered}, "the rule"}, run);
  EXPECT_EQ(made.verdict.kind, report::VerdictKind::pass);
  EXPECT_EQ(made.verdict.client_says, "the server says <secret>, <secret>");
  EXPECT_EQ(made.verdict.reason, "the rule; note: it calls itself <secret>");
  const Judgement failed = judge(exchange(), {{timeout}, "r"}, run);
  EXPECT_EQ(failed.verdict.reason,
            "expected timeout (r), but the client ended with delivered; note: it calls itself "
            "<secret>");
  EXPECT_EQ(failed.finding.seen, failed.verdict.reason);
}

TEST(Judge, ASuccessTheServerKnowsNothingOfIsNone) {
  cases::Run run = ended(delivered);
  run.seen.delivered = 0;
  const Judgement made = judge(exchange(), {{delivered}, "r"}, run);
  EXPECT_EQ(made.verdict.severity, Severity::false_accept);
  EXPECT_EQ(made.verdict.reason,
            "expected delivered (r), but the client ended with delivered, and the server accepted "
            "no message");
}

TEST(Judge, ABindTheServerKnowsNothingOfIsNone) {
  Exchange ldap = exchange();
  ldap.mode = words::Mode::ldaps;
  cases::Run run = ended(bound);
  run.seen.clear_commands.clear();
  EXPECT_EQ(judge(ldap, {{bound}, "r"}, run).verdict.kind, report::VerdictKind::pass);
  run.seen.delivered = 0;
  const Judgement made = judge(ldap, {{bound}, "r"}, run);
  EXPECT_EQ(made.verdict.severity, Severity::false_accept);
  EXPECT_EQ(
      made.verdict.reason,
      "expected bound (r), but the client ended with bound, and the server answered no search");
}

TEST(Judge, WhoIsToBindAloneIsServedOnceItGoesOnBehindTheAnswerOfAScript) {
  Exchange ldap = exchange();
  ldap.mode = words::Mode::ldaps;
  cases::Run run = ended(bound);
  run.goal = subject::Goal::login;
  run.seen = {.protocol = words::Protocol::ldap};
  EXPECT_EQ(judge(ldap, {{bound}, "r"}, run).verdict.severity, Severity::false_accept);
  run.seen.tls_commands = {"extended 1.3.6.1.4.1.4203.1.11.3 (Who am I?)"};
  EXPECT_EQ(judge(ldap, {{bound}, "r"}, run).verdict.kind, report::VerdictKind::pass);
  run.seen.authenticated = true;
  run.seen.tls_commands.clear();
  EXPECT_EQ(judge(ldap, {{bound}, "r"}, run).verdict.kind, report::VerdictKind::pass);
}

TEST(Judge, AClientThatDoesNotEndIsHung) {
  cases::Run run;
  run.hung = true;
  run.seen.unmet = {fake::Point::auth};
  const Judgement made = judge(exchange(), {{timeout}, "r"}, run);
  EXPECT_EQ(made.verdict.kind, report::VerdictKind::fail);
  EXPECT_EQ(made.verdict.severity, Severity::wrong_reason);
  EXPECT_EQ(made.verdict.observed, std::nullopt);
  EXPECT_EQ(made.verdict.violations, std::vector<Invariant>{Invariant::hung});
  EXPECT_EQ(made.finding.id, "hung");
  EXPECT_EQ(made.verdict.reason,
            "expected timeout (r), but the client did not end; the deadline passed; the client "
            "never came to `auth`");
}

TEST(Judge, WhoLeavesTlsInSilencePassesWithANote) {
  cases::Run run = ended(delivered);
  run.seen.left_without_close_notify = true;
  const Judgement made = judge(exchange(), {{delivered}, "the rule"}, run);
  EXPECT_EQ(made.verdict.kind, report::VerdictKind::pass);
  EXPECT_EQ(
      made.verdict.reason,
      "the rule; note: the client left TLS without close_notify (RFC 8446, 6.1; RFC 8314, 3.4)");
  // There is more to be said of who did not come through.
  EXPECT_EQ(judge(exchange(), {{delivered}, "the rule"}, ended(delivered)).verdict.reason,
            "the rule");
  run.outcome.ending = timeout;
  EXPECT_EQ(judge(exchange(), {{timeout}, "the rule"}, run).verdict.reason, "the rule");
}

TEST(Judge, APassKeepsItsOneReason) {
  cases::Run run = ended(delivered);
  run.seen.unmet = {fake::Point::quit};
  run.seen.alert = "close_notify";
  run.seen.tls_version = "TLS1.3";
  const Judgement made = judge(exchange(), {{delivered}, "the rule"}, run);
  EXPECT_EQ(made.verdict.reason, "the rule");
  EXPECT_EQ(made.verdict.alert, "close_notify");
  EXPECT_EQ(made.verdict.tls_version, "TLS1.3");
  EXPECT_TRUE(made.verdict.dialogue.empty());
}

// ---- invariants --------------------------------------------------------------------------------

struct InvariantRow {
  const char* name;
  Endings expected;
  Ending observed;
  void (*happened)(fake::Observation&);
  std::vector<Invariant> violations;
  Severity severity;
  const char* finding;
};

void PrintTo(const InvariantRow& row, std::ostream* out) {
  *out << row.name;
}

class InvariantTest : public testing::TestWithParam<InvariantRow> {};

TEST_P(InvariantTest, IsJudged) {
  const InvariantRow& row = GetParam();
  cases::Run run = ended(row.observed);
  row.happened(run.seen);
  const Judgement made = judge(exchange(), {row.expected, "r"}, run);
  EXPECT_EQ(made.verdict.kind, report::VerdictKind::fail);
  EXPECT_EQ(made.verdict.violations, row.violations);
  EXPECT_EQ(made.verdict.severity, row.severity);
  EXPECT_EQ(made.finding.id, row.finding);
  EXPECT_EQ(made.finding.severity, row.severity);
  EXPECT_EQ(made.verdict.reason.find(kSecret), std::string::npos);
}

std::string plain_credentials() {
  using namespace std::string_literals;
  return "AUTH PLAIN " + to_base64("\0scheduler\0"s + std::string(kSecret)) + "\r\n";
}

const InvariantRow kInvariants[] = {
    {"SecretInClear",
     {starttls_refused},
     starttls_refused,
     [](fake::Observation& seen) { seen.bytes_in_clear = std::string(kSecret); },
     {Invariant::secret_in_clear},
     Severity::leak,
     "secret-in-clear"},
    {"SecretInBase64InClear",
     {delivered},
     delivered,
     [](fake::Observation& seen) { seen.bytes_in_clear = plain_credentials(); },
     {Invariant::secret_in_clear},
     Severity::leak,
     "secret-in-clear"},
    {"MailInClear",
     {starttls_refused},
     starttls_refused,
     [](fake::Observation& seen) { seen.clear_commands.push_back("MAIL FROM:<a@b>"); },
     {Invariant::payload_in_clear},
     Severity::leak,
     "payload-in-clear"},
    {"SecretToARefusedServer",
     {certificate_expired},
     delivered,
     [](fake::Observation& seen) {
       seen.bytes_in_tls = plain_credentials();
       seen.tls_commands = {"EHLO x", "AUTH PLAIN"};
     },
     {Invariant::secret_to_refused_peer, Invariant::continued_after_refusal},
     Severity::leak,
     "accepts/certificate-expired"},
    {"RefusesButGoesOn",
     {certificate_not_trusted},
     certificate_not_trusted,
     [](fake::Observation& seen) { seen.tls_commands = {"EHLO x"}; },
     {Invariant::continued_after_refusal},
     Severity::leak,
     "accepts/certificate-not-trusted"},
    {"GoesOnAfterWhatCannotBeRead",
     {validation_failure, handshake_failure},
     validation_failure,
     [](fake::Observation& seen) { seen.tls_commands = {"EHLO x"}; },
     {Invariant::continued_after_refusal},
     Severity::leak,
     "accepts/validation-failure"},
    {"BelievesAnInjectedReply",
     {protocol_error, delivered},
     delivered,
     [](fake::Observation& seen) {
       seen.sent_behind_go_ahead = true;
       seen.commands_before_reply = 1;
     },
     {Invariant::believed_injected_bytes},
     Severity::false_accept,
     "believed-injected-bytes"},
    {"StaleCapabilities",
     {delivered},
     auth_rejected,
     [](fake::Observation& seen) {
       seen.auth_offered_in_clear = {"PLAIN"};
       seen.auth_offered_in_tls = {"LOGIN"};
       seen.auth_used_in_tls = {"PLAIN"};
     },
     {Invariant::stale_capabilities},
     Severity::false_accept,
     "stale-capabilities"},
};
INSTANTIATE_TEST_SUITE_P(All, InvariantTest, testing::ValuesIn(kInvariants),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Judge, SayingQuitToARefusedServerIsAllowed) {
  cases::Run run = ended(certificate_expired);
  run.seen.tls_commands = {"QUIT"};
  EXPECT_EQ(judge(exchange(), {{certificate_expired}, "r"}, run).verdict.kind,
            report::VerdictKind::pass);
}

TEST(Judge, AnEmptySecretHasNoCanary) {
  Exchange without = exchange();
  without.secret.clear();
  cases::Run run = ended(starttls_refused);
  run.seen.bytes_in_clear = "EHLO x\r\n";
  EXPECT_EQ(judge(without, {{starttls_refused}, "r"}, run).verdict.kind, report::VerdictKind::pass);
}

TEST(Judge, InThePlainModeNothingIsDemandedOfTheLine) {
  Exchange plain = exchange();
  plain.mode = words::Mode::smtp_plain;
  cases::Run run = ended(delivered_in_clear);
  run.seen.clear_commands = {"EHLO x", "MAIL FROM:<a@b>", "DATA"};
  EXPECT_EQ(judge(plain, {{delivered_in_clear}, "r"}, run).verdict.kind, report::VerdictKind::pass);
}

}  // namespace
}  // namespace startle::cases
