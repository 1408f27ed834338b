// The judgement of what a server alone has seen.

#include <gtest/gtest.h>

#include "cases/engine/judge.h"

namespace startle::cases {
namespace {

using enum words::Ending;
using words::Ending;
using words::Invariant;
using Endings = std::vector<Ending>;
using Commands = std::vector<std::string>;

struct Row {
  const char* name;
  Endings expected;
  fake::Observation seen;
  const char* verdict;  // "pass", "fail", "": left open
  std::optional<Ending> ending{};
  std::vector<Invariant> violations{};
  words::Mode mode = words::Mode::smtp_starttls;
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name;
}

constexpr const char* kSecret = "canary0011223344556677";

Exchange exchange(words::Mode mode) {
  Exchange made;
  made.mode = mode;
  made.secret = kSecret;
  return made;
}

// Of a client that began TLS: with an alert, it ended there.
fake::Observation refusing(const std::string& alert) {
  fake::Observation seen;
  seen.bytes_in_clear = "EHLO x\r\nSTARTTLS\r\n";
  seen.clear_commands = {"EHLO x", "STARTTLS"};
  seen.handshakes = 1;
  seen.alert = alert;
  return seen;
}

fake::Observation inside_tls(Commands commands, bool delivered = false) {
  fake::Observation seen = refusing("");
  seen.tls_version = "TLS1.3";
  seen.tls_commands = std::move(commands);
  seen.delivered = delivered ? 1 : 0;
  seen.authenticated = delivered;
  return seen;
}

fake::Observation in_clear(Commands commands) {
  fake::Observation seen;
  seen.clear_commands = std::move(commands);
  for (const std::string& line : seen.clear_commands) seen.bytes_in_clear += line + "\r\n";
  return seen;
}

class JudgeSeenTest : public testing::TestWithParam<Row> {};

TEST_P(JudgeSeenTest, IsJudged) {
  const Row& row = GetParam();
  fake::Observation seen = row.seen;
  if (row.mode == words::Mode::ldap_starttls) seen.clear_commands.clear();
  const ServerJudgement made = judge_seen(exchange(row.mode), {{row.expected, "the rule"}}, seen);
  EXPECT_EQ(made.kind ? word(*made.kind) : "", row.verdict) << made.reason;
  EXPECT_EQ(made.ending, row.ending) << made.reason;
  EXPECT_EQ(made.violations, row.violations);
  EXPECT_EQ(made.reason == "the rule", std::string(row.verdict) == "pass") << made.reason;
}

const Invariant kWentOn = Invariant::continued_after_refusal;
const Commands kWhole{"EHLO x", "AUTH PLAIN <initial response>", "MAIL FROM:<a@b>", "QUIT"};

const Row kRows[] = {
    // A certificate that is to be refused.
    {"Refuses",
     {certificate_expired},
     refusing("certificate_expired"),
     "pass",
     certificate_expired},
    {"RefusesWithoutAReason", {certificate_expired}, refusing("bad_certificate"), "pass", refused},
    {"RefusesBehindTheHandshake",
     {certificate_expired},
     [] {
       auto seen = inside_tls({});
       seen.alert = "certificate_unknown";
       return seen;
     }(),
     "pass",
     refused},
    {"RefusesForAnotherReason",
     {certificate_expired},
     refusing("unknown_ca"),
     "",
     certificate_not_trusted},
    {"OneAlertForBrokenRules",
     {validation_failure},
     refusing("unknown_ca"),
     "pass",
     certificate_not_trusted},
    {"OnlyQuits", {certificate_expired}, inside_tls({"QUIT"}), ""},
    {"OnlyCloses", {certificate_expired}, inside_tls({}), ""},
    {"OnlyUnbinds",
     {certificate_expired},
     inside_tls({"unbind"}),
     "",
     {},
     {},
     words::Mode::ldap_starttls},
    {"GoesOnWithoutASecret",
     {certificate_expired},
     inside_tls({"EHLO x", "QUIT"}),
     "fail",
     {},
     {kWentOn}},
    {"GoesOnWithNoop", {certificate_expired}, inside_tls({"NOOP"}), "fail", {}, {kWentOn}},
    {"GoesOnInLdap",
     {certificate_expired},
     inside_tls({"search root DSE"}),
     "fail",
     {},
     {kWentOn},
     words::Mode::ldap_starttls},
    {"BreaksOffWithoutAnAlert", {certificate_expired}, refusing(""), ""},
    {"CannotSpeakThatTls", {certificate_expired}, refusing("protocol_version"), ""},
    {"BreaksOffWhatCannotBeRead",
     {validation_failure, handshake_failure},
     refusing("internal_error"),
     "pass"},
    {"LeavesBeforeTls", {certificate_expired}, in_clear({"EHLO x", "QUIT"}), "fail"},
    // One that is to be accepted.
    {"Delivers", {delivered}, inside_tls(kWhole, true), "pass", delivered},
    {"Binds",
     {bound},
     inside_tls({"bind \"x\" (simple)"}, true),
     "pass",
     bound,
     {},
     words::Mode::ldap_starttls},
    {"RefusesValid", {delivered}, refusing("unknown_ca"), "fail", certificate_not_trusted},
    {"OnlyQuitsValid", {delivered}, inside_tls({"QUIT"}), ""},
    {"OnlyLogsIn",
     {delivered},
     [] {
       auto seen = inside_tls({"EHLO x", "AUTH PLAIN <initial response>", "QUIT"});
       seen.authenticated = true;
       return seen;
     }(),
     ""},
    {"OnlyBinds",
     {bound},
     [] {
       auto seen = inside_tls({"bind \"x\" (simple)", "extended 1.3.6.1.4.1.4203.1.11.3"});
       seen.authenticated = true;
       return seen;
     }(),
     "pass",
     {},
     {},
     words::Mode::ldap_starttls},
    {"GivesUpBeforeItLogsIn", {delivered}, inside_tls({"EHLO x", "QUIT"}), "fail"},
    {"SaysNothing", {delivered}, fake::Observation{}, ""},
    // Other endings.
    {"LeavesWithoutStarttls", {starttls_not_supported}, in_clear({"EHLO x", "QUIT"}), "pass"},
    {"GoesOnInClear",
     {starttls_refused},
     in_clear({"EHLO x", "STARTTLS", "MAIL FROM:<a@b>"}),
     "fail",
     {},
     {Invariant::payload_in_clear}},
    {"GivesUpAtLogin", {auth_rejected}, inside_tls({"EHLO x", "AUTH LOGIN", "QUIT"}), "pass"},
    {"TakesRefusalForLogin", {auth_rejected}, inside_tls(kWhole), "fail"},
    {"TakesTheLieForLogin", {protocol_error}, inside_tls(kWhole, true), "fail", delivered},
    {"BelievesNothing", {protocol_error}, in_clear({"EHLO x", "STARTTLS"}), "pass"},
};
INSTANTIATE_TEST_SUITE_P(All, JudgeSeenTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(JudgeSeen, SaysWhatWasExpectedAndWhatWasSeen) {
  const auto reason = [](const Endings& expected, const fake::Observation& seen) {
    return judge_seen(exchange(words::Mode::smtp_starttls), {{expected, "the rule"}}, seen).reason;
  };
  EXPECT_EQ(reason({delivered}, refusing("unknown_ca")),
            "expected delivered (the rule), but the client refused the certificate (alert "
            "unknown_ca)");
  EXPECT_EQ(reason({certificate_expired}, refusing("unknown_ca")),
            "the client refused the certificate (alert unknown_ca) for another reason than "
            "certificate-expired: whether it looks at that does not show");
  EXPECT_EQ(reason({certificate_expired}, inside_tls({"QUIT"})),
            "the client left right behind the handshake: whether it accepted the certificate does "
            "not show");
  EXPECT_EQ(reason({certificate_expired}, inside_tls({"EHLO x"})),
            "expected certificate-expired (the rule), but the client went no further than `EHLO "
            "x`; the session went on with a server that had to be refused");
  EXPECT_EQ(reason({delivered}, {}), "the client said nothing");
}

TEST(JudgeSeen, WhatNobodyKnowsIsLeftOpen) {
  ServerExpectation expected{{{certificate_expired}, "the rule"}, false, "who knows the time"};
  const Exchange smtp = exchange(words::Mode::smtp_starttls);
  EXPECT_EQ(judge_seen(smtp, expected, inside_tls(kWhole, true)).kind, std::nullopt);
  EXPECT_EQ(judge_seen(smtp, expected, inside_tls(kWhole, true)).reason, "who knows the time");
  auto leaking = in_clear({"EHLO x"});
  leaking.bytes_in_clear += kSecret;
  EXPECT_EQ(judge_seen(smtp, expected, leaking).kind, report::VerdictKind::fail);
}

// Of a server that says what a user has it say, only invariants are known, and the certificate.
TEST(JudgeSeen, OwnWordsLeaveTheInvariants) {
  Exchange smtp = exchange(words::Mode::smtp_starttls);
  smtp.script.deviations = {{.at = fake::Point::mail}};
  const ServerExpectation anything{{{}, "own"}, true};
  auto met = inside_tls(kWhole);
  EXPECT_EQ(judge_seen(smtp, anything, met).kind, report::VerdictKind::pass);
  met.bytes_in_clear += kSecret;
  EXPECT_EQ(judge_seen(smtp, anything, met).kind, report::VerdictKind::fail);
  auto unmet = inside_tls({"QUIT"});
  unmet.unmet = {fake::Point::mail};
  EXPECT_EQ(judge_seen(smtp, anything, unmet).kind, std::nullopt);
  EXPECT_EQ(judge_seen(smtp, anything, unmet).reason,
            "the client left right behind the handshake: whether it accepted the certificate does "
            "not show; the client never came to `mail`");
  const ServerExpectation refusal{{{certificate_expired}, "the rule"}, true};
  EXPECT_EQ(judge_seen(smtp, refusal, refusing("bad_certificate")).kind, report::VerdictKind::pass);
  EXPECT_EQ(judge_seen(smtp, refusal, in_clear({"EHLO x", "QUIT"})).kind, std::nullopt);
  EXPECT_EQ(judge_seen(smtp, refusal, inside_tls({"EHLO x"})).kind, report::VerdictKind::fail);
}

TEST(JudgeSeen, ALieThatNobodyWasToldIsLeftOpen) {
  Exchange lying = exchange(words::Mode::smtp_starttls);
  lying.script.sasl = {.mechanisms = "SCRAM-SHA-256", .lie = fake::SaslLie::wrong_signature};
  const ServerExpectation rejected{{{Ending::auth_rejected}, "r"}};
  fake::Observation seen = inside_tls({"EHLO x", "QUIT"});
  seen.reached = fake::Reached::quit;
  const ServerJudgement left = judge_seen(lying, rejected, seen);
  EXPECT_EQ(left.kind, std::nullopt);
  EXPECT_TRUE(left.reason.ends_with(
      ", and began no exchange of SASL: what it makes of this one does not show"))
      << left.reason;
  const ServerExpectation unavailable{{{Ending::auth_unavailable}, "r"}};
  EXPECT_EQ(judge_seen(lying, unavailable, seen).kind, report::VerdictKind::pass);
}

// Others cannot be told which mechanism, or which mode, a case speaks of.
TEST(JudgeSeen, AClientThatIsConfiguredOtherwiseIsLeftOpen) {
  const ServerExpectation unavailable{{{Ending::auth_unavailable}, "r"}};
  const ServerExpectation delivered{{{Ending::delivered}, "r"}};
  const ServerExpectation in_clear_too{{{Ending::delivered_in_clear}, "r"}};
  fake::Observation by_plain = inside_tls(kWhole, true);
  by_plain.auth_used_in_tls = {"PLAIN"};
  by_plain.reached = fake::Reached::quit;
  fake::Observation left = inside_tls({"EHLO x", "QUIT"});
  left.reached = fake::Reached::ehlo_in_tls;
  fake::Observation refused = refusing("bad_certificate");
  refused.server_name = "localhost";
  fake::Observation left_in_clear = in_clear({"EHLO x", "QUIT"});
  left_in_clear.reached = fake::Reached::ehlo;
  struct {
    Exchange exchange;
    ServerExpectation expected;
    fake::Observation seen;
    const char* why;  // "": judged
  } rows[]{
      {exchange(words::Mode::smtp_plain), unavailable, by_plain,
       "the client began the TLS that the case does without: it may have been told to"},
      {exchange(words::Mode::smtp_plain), in_clear_too, left_in_clear,
       "the client left a server without TLS: it may have been told to demand it"},
      {exchange(words::Mode::smtp_starttls), unavailable, by_plain,
       "the client began with PLAIN: it may not have been told to use SCRAM-SHA-256"},
      // As rightly it may have come to success.
      {exchange(words::Mode::smtp_starttls), delivered, by_plain,
       "the client began with PLAIN: it may not have been told to use SCRAM-SHA-256"},
      {exchange(words::Mode::smtp_starttls), delivered, left,
       "the client began no exchange of SASL: it may not know SCRAM-SHA-256"},
      // Nothing is said of mechanisms: to leave a sound server is the client's own doing.
      {exchange(words::Mode::smtp_starttls), delivered, left, ""},
      {exchange(words::Mode::smtp_starttls), unavailable, by_plain, ""},
      {exchange(words::Mode::smtp_starttls), delivered, refused,
       "the client asked for `localhost` (SNI), and this server is b\u00fccher.test.: it may not "
       "have "
       "been told so"},
      {exchange(words::Mode::smtp_starttls), delivered, refused, ""},
  };
  rows[2].exchange.mechanism = "SCRAM-SHA-256";
  rows[3].exchange.mechanism = "SCRAM-SHA-256";
  rows[4].exchange.script.sasl.mechanisms = "SCRAM-SHA-256";
  rows[7].exchange.host = "b\u00fccher.test.";
  rows[8].exchange.host = "B\u00dcCHER.test.";
  rows[8].seen.server_name = "xn--bcher-kva.test";  // however it is written
  for (auto& row : rows) {
    const ServerJudgement made = judge_seen(row.exchange, row.expected, row.seen);
    if (*row.why == '\0') {
      EXPECT_EQ(made.kind, report::VerdictKind::fail) << made.reason;
    } else {
      EXPECT_EQ(made.kind, std::nullopt);
      EXPECT_EQ(made.reason, row.why);
    }
  }
  for (const std::size_t told : {1, 2, 7}) {  // as the case has it
    rows[told].expected.as_told = true;
    EXPECT_EQ(judge_seen(rows[told].exchange, rows[told].expected, rows[told].seen).kind,
              report::VerdictKind::fail);
  }
  rows[3].seen.bytes_in_clear += kSecret;  // which is wrong in any configuration
  EXPECT_EQ(judge_seen(rows[3].exchange, delivered, rows[3].seen).kind, report::VerdictKind::fail);
}

TEST(Judge, WhereTheServerItselfFailsNothingIsSaidOfTheClient) {
  cases::Run run;
  run.outcome.ending = Ending::handshake_failure;
  run.seen.server_failure = "the server's TLS library ended the handshake: no";
  const Judgement made =
      judge(exchange(words::Mode::smtp_starttls), {{Ending::delivered}, "r"}, run);
  EXPECT_EQ(made.verdict.kind, report::VerdictKind::error);
  EXPECT_EQ(made.verdict.reason,
            "the server's TLS library ended the handshake: no: this says nothing of the client");
  EXPECT_TRUE(made.finding.id.empty());
  run.seen.bytes_in_clear = kSecret;  // which is the client's doing all the same
  EXPECT_EQ(
      judge(exchange(words::Mode::smtp_starttls), {{Ending::delivered}, "r"}, run).verdict.finding,
      "secret-in-clear");
}

TEST(JudgeSeen, AServerThatFailedItselfLeavesItOpen) {
  fake::Observation seen = refusing("");
  seen.server_failure = "the server's TLS library ended the handshake: no";
  const ServerJudgement made = judge_seen(exchange(words::Mode::smtp_starttls),
                                          ServerExpectation{{{Ending::delivered}, "r"}}, seen);
  EXPECT_EQ(made.kind, std::nullopt);
  EXPECT_EQ(made.reason, "the server's TLS library ended the handshake: no");
}

}  // namespace
}  // namespace startle::cases
