// A client that never came to what an exchange is about is neither right nor wrong about it.

#include "cases/engine/unmet.h"

#include <gtest/gtest.h>

#include "cases/engine/judge.h"

namespace startle::cases {
namespace {

using enum words::Ending;
using fake::Observation;
using fake::Point;
using words::Mode;
using Commands = std::vector<std::string>;

constexpr const char* kStartTls = "extended 1.3.6.1.4.1.1466.20037 (StartTLS)";
constexpr const char* kBind = "bind \"uid=a\" (simple)";

struct Row {
  const char* name;
  std::vector<Point> points;  // of the script
  Observation seen;
  const char* unmet;  // the point; "": it met what there was, or stopped before
};

Observation ldap(Commands in_clear, Commands in_tls, std::vector<Point> unmet,
                 bool authenticated = false) {
  Observation seen{.protocol = words::Protocol::ldap, .connections = 1};
  seen.clear_commands = std::move(in_clear);
  seen.tls_commands = std::move(in_tls);
  seen.unmet = std::move(unmet);
  seen.authenticated = authenticated;
  return seen;
}

Observation smtp(Commands in_tls, std::vector<Point> unmet, bool authenticated) {
  Observation seen{.connections = 1};
  seen.clear_commands = {"EHLO x", "STARTTLS"};
  seen.tls_commands = std::move(in_tls);
  seen.unmet = std::move(unmet);
  seen.authenticated = authenticated;
  return seen;
}

const std::vector<Row>& rows() {
  using enum Point;
  static const std::vector<Row> kRows{
      {"no script", {}, ldap({kStartTls}, {kBind}, {}), ""},
      {"reads no root DSE", {root_dse}, ldap({kStartTls}, {kBind}, {root_dse}), "root-dse"},
      {"says nothing", {root_dse}, ldap({}, {}, {root_dse}), ""},
      {"leaves at once", {root_dse}, ldap({"unbind"}, {}, {root_dse}), ""},
      {"reads the root DSE", {root_dse}, ldap({"search root DSE"}, {}, {}), ""},
      {"reads no root DSE inside TLS",
       {root_dse_in_tls},
       ldap({kStartTls}, {kBind}, {root_dse_in_tls}),
       "root-dse-in-tls"},
      {"leaves inside TLS",
       {root_dse_in_tls},
       ldap({kStartTls}, {"unbind"}, {root_dse_in_tls}),
       ""},
      {"never searches", {search}, ldap({kStartTls}, {kBind, "unbind"}, {search}, true), "search"},
      {"does not search, as it is not bound",
       {search},
       ldap({kStartTls}, {kBind, "unbind"}, {search}),
       ""},
      {"never asks who it is", {whoami}, ldap({kStartTls}, {kBind}, {whoami}, true), "whoami"},
      {"met one of two", {bind, search}, ldap({kStartTls}, {kBind}, {search}, true), ""},
      {"met neither",
       {root_dse, search},
       ldap({kStartTls}, {kBind}, {root_dse, search}, true),
       "root-dse"},
      {"only logs in", {mail}, smtp({"EHLO x", "AUTH PLAIN", "QUIT"}, {mail}, true), "mail"},
      {"does not log in", {mail}, smtp({"EHLO x", "QUIT"}, {mail}, false), ""},
      {"gives up in the middle",
       {data},
       smtp({"EHLO x", "AUTH PLAIN", "MAIL FROM:<a@b>"}, {data}, true),
       ""},
      {"must come to AUTH", {auth}, smtp({"EHLO x", "QUIT"}, {auth}, false), ""},
  };
  return kRows;
}

Exchange about(const std::vector<Point>& points, words::Protocol protocol) {
  Exchange exchange;
  exchange.mode = words::mode_of(protocol, words::Tls::starttls);
  for (const Point point : points) {
    exchange.script.deviations.push_back({.at = point, .steps = {fake::Silence{}}});
  }
  return exchange;
}

const Expectation kTimeOut{.endings = {timeout}, .reason = "the rule"};

TEST(Unmet, SaysWhatTheClientPassedBy) {
  for (const Row& row : rows()) {
    const Exchange exchange = about(row.points, row.seen.protocol);
    const std::string why = never_met(exchange, kTimeOut, row.seen);
    const std::string expected = *row.unmet == '\0'
                                     ? ""
                                     : "the client never came to `" + std::string(row.unmet) +
                                           "`: what it makes of the answer there does not show";
    EXPECT_EQ(why, expected) << row.name;
  }
}

// Each connection says of which points it did not come to them.
TEST(Unmet, ASecondConnectionIsNoExcuse) {
  Observation seen = ldap({"search root DSE", kStartTls}, {kBind}, {Point::root_dse});
  seen.connections = 2;
  const Exchange exchange = about({Point::root_dse}, words::Protocol::ldap);
  EXPECT_EQ(never_met(exchange, kTimeOut, seen), "");
  seen.unmet.push_back(Point::root_dse);
  EXPECT_NE(never_met(exchange, kTimeOut, seen), "");
}

TEST(Unmet, IsASkipInRunAndLeftOpenInServe) {
  const Exchange exchange = about({Point::search}, words::Protocol::ldap);
  cases::Run run;
  run.seen = ldap({kStartTls}, {kBind, "unbind"}, {Point::search}, true);
  run.outcome.ending = bound;
  const report::Verdict verdict = judge(exchange, kTimeOut, run).verdict;
  EXPECT_EQ(verdict.kind, report::VerdictKind::skip);
  EXPECT_EQ(verdict.reason, never_met(exchange, kTimeOut, run.seen));
  const ServerJudgement seen = judge_seen(exchange, {kTimeOut}, run.seen);
  EXPECT_EQ(seen.kind, std::nullopt);
  EXPECT_EQ(seen.reason, verdict.reason);
}

TEST(Unmet, AViolationIsOneAllTheSame) {
  const Exchange exchange = about({Point::search}, words::Protocol::ldap);
  cases::Run run;
  run.seen = ldap({kStartTls, kBind}, {kBind}, {Point::search}, true);
  run.outcome.ending = bound;
  EXPECT_EQ(judge(exchange, kTimeOut, run).verdict.kind, report::VerdictKind::fail);
  EXPECT_EQ(judge_seen(exchange, {kTimeOut}, run.seen).kind, report::VerdictKind::fail);
}

// ---- mechanisms --------------------------------------------------------------------------------

TEST(MayLackMechanism, WhereTheClientBeganWithAnotherOrNone) {
  struct MechanismRow {
    const char* name;
    words::Protocol protocol;
    const char* configured;
    const char* offered;
    std::vector<std::string> used;
    const char* why;
  };
  using enum words::Protocol;
  const MechanismRow rows[] = {
      {"the strongest", smtp, "", "PLAIN SCRAM-SHA-256", {"SCRAM-SHA-256"}, ""},
      {"the strongest, and then another",
       smtp,
       "",
       "SCRAM-SHA-256 PLAIN",
       {"SCRAM-SHA-256", "PLAIN"},
       ""},
      {"a weaker one",
       smtp,
       "",
       "SCRAM-SHA-256 PLAIN",
       {"PLAIN"},
       "the client began with PLAIN: it may not know SCRAM-SHA-256"},
      {"none of one that few know",
       smtp,
       "",
       "SCRAM-SHA-256",
       {},
       "the client began no exchange of SASL: it may not know SCRAM-SHA-256"},
      {"none of one that all know", smtp, "", "SCRAM-SHA-256 LOGIN", {}, ""},
      {"a token",
       smtp,
       "OAUTHBEARER",
       "OAUTHBEARER",
       {},
       "the client began no exchange of SASL: it may not have been told to use OAUTHBEARER"},
      {"tokens that nobody configured", smtp, "", "OAUTHBEARER", {}, ""},
      {"another than is configured",
       smtp,
       "SCRAM-SHA-256",
       "PLAIN",
       {"PLAIN"},
       "the client began with PLAIN: it may not have been told to use SCRAM-SHA-256"},
      {"none, where nobody has what is configured", smtp, "SCRAM-SHA-256", "PLAIN", {}, ""},
      {"a simple bind", ldap, "", "SCRAM-SHA-256", {}, ""},
      {"a simple bind, where SASL is configured",
       ldap,
       "PLAIN",
       "PLAIN",
       {},
       "the client began no exchange of SASL: it may not have been told to use PLAIN"},
  };
  for (const MechanismRow& row : rows) {
    Exchange exchange;
    exchange.mode = words::mode_of(row.protocol, words::Tls::starttls);
    if (*row.configured != '\0') exchange.mechanism = row.configured;
    exchange.script.sasl.mechanisms = row.offered;
    Observation seen{.connections = 1, .handshakes = 1, .tls_version = "TLS1.3"};
    seen.auth_used_in_tls = row.used;
    EXPECT_EQ(may_lack_mechanism(exchange, {.endings = {auth_rejected}}, seen), row.why)
        << row.name;
    EXPECT_EQ(may_lack_mechanism(exchange, {.endings = {certificate_expired}}, seen), "");
  }
}

// ---- staples and revocation lists --------------------------------------------------------------

Exchange of_certificate() {
  Exchange exchange;
  exchange.host = "smtp.example.test";
  exchange.trust = exchange.host;
  exchange.trust_model = words::TrustModel::pkix;
  exchange.users = {{.name = "{user}", .password = "{secret}", .senders = {exchange.sender}}};
  return exchange;
}

oracle::Facts sound_facts() {
  oracle::Facts facts;
  facts.presented.dns_names = {"smtp.example.test"};
  return facts;
}

// Went on as far as it could.
Observation accepting() {
  Observation seen{.connections = 1, .handshakes = 1, .tls_version = "TLS1.3"};
  seen.bytes_in_clear = "EHLO x\r\nSTARTTLS\r\n";
  seen.clear_commands = {"EHLO x", "STARTTLS"};
  seen.tls_commands = {"EHLO x", "AUTH PLAIN <initial response>", "MAIL FROM:<a@b>"};
  seen.authenticated = true;
  seen.delivered = 1;
  return seen;
}

TEST(Unmet, AnExpectationSaysWhatItRestsOn) {
  oracle::Facts stapled = sound_facts();
  EXPECT_FALSE(expectation_of(of_certificate(), stapled).rests_on_staple);
  stapled.staple = oracle::Staple::good;
  EXPECT_FALSE(expectation_of(of_certificate(), stapled).rests_on_staple);
  stapled.staple = oracle::Staple::revoked;
  EXPECT_TRUE(expectation_of(of_certificate(), stapled).rests_on_staple);
  EXPECT_FALSE(expectation_of(of_certificate(), stapled).rests_on_revocation_list);
  stapled.end_entity = oracle::Validity::expired;  // refused all the same, before that
  EXPECT_FALSE(expectation_of(of_certificate(), stapled).rests_on_staple);
  oracle::Facts listed = sound_facts();
  listed.revocation = oracle::Revocation::revoked;
  EXPECT_TRUE(expectation_of(of_certificate(), listed).rests_on_revocation_list);
  EXPECT_FALSE(expectation_of(of_certificate(), listed).rests_on_staple);
}

struct CommonNameRow {
  const char* name;
  Mode mode;
  const char* common_name;
  std::vector<std::string> dns_names;
  oracle::Validity validity;
  bool rests;
};

void PrintTo(const CommonNameRow& row, std::ostream* out) {
  *out << row.name;
}

const std::string kOther = "elsewhere.example.net";
const CommonNameRow kCommonNames[] = {
    {"Alone", Mode::smtp_starttls, "{host}", {}, oracle::Validity::current, true},
    {"AloneInLdap", Mode::ldap_starttls, "{host}", {}, oracle::Validity::current, true},
    {"OfAnother",
     Mode::smtp_starttls,
     "elsewhere.example.net",
     {},
     oracle::Validity::current,
     false},
    {"BesideAnotherName",
     Mode::smtp_starttls,
     "{host}",
     {kOther},
     oracle::Validity::current,
     false},
    {"Expired", Mode::smtp_starttls, "{host}", {}, oracle::Validity::expired, false},
    {"Wildcard", Mode::smtp_starttls, "*.{domain}", {}, oracle::Validity::current, true},
    {"WildcardInLdap", Mode::ldap_starttls, "*.{domain}", {}, oracle::Validity::current, false},
    {"None", Mode::smtp_starttls, "", {}, oracle::Validity::current, false},
};

class CommonNameTest : public testing::TestWithParam<CommonNameRow> {};

TEST_P(CommonNameTest, IsWhatAnExpectationRestsOn) {
  Exchange asked = of_certificate();
  asked.mode = GetParam().mode;
  std::string name = GetParam().common_name;
  if (name == "{host}") name = asked.host;
  if (name == "*.{domain}") name = "*" + asked.host.substr(asked.host.find('.'));
  oracle::Facts facts = sound_facts();
  facts.presented = {.common_name = name, .dns_names = GetParam().dns_names};
  facts.end_entity = GetParam().validity;
  EXPECT_EQ(expectation_of(asked, facts).rests_on_common_name, GetParam().rests);
}
INSTANTIATE_TEST_SUITE_P(Unmet, CommonNameTest, testing::ValuesIn(kCommonNames),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Unmet, AStapleIsForWhoAsksForOne) {
  oracle::Facts stapled = sound_facts();
  stapled.staple = oracle::Staple::revoked;
  const Expectation expected = expectation_of(of_certificate(), stapled);
  ASSERT_EQ(expected.endings, std::vector{certificate_revoked});
  cases::Run run;
  run.seen = accepting();
  run.outcome.ending = delivered;
  const Judgement made = judge(of_certificate(), expected, run);
  EXPECT_EQ(made.verdict.kind, report::VerdictKind::skip) << made.verdict.reason;
  EXPECT_NE(made.verdict.reason.find("status_request"), std::string::npos);
  EXPECT_EQ(judge_seen(of_certificate(), {expected}, run.seen).kind, std::nullopt);
  run.seen.asked_for_staple = true;
  EXPECT_EQ(judge(of_certificate(), expected, run).verdict.kind, report::VerdictKind::fail);
  EXPECT_EQ(judge_seen(of_certificate(), {expected}, run.seen).kind, report::VerdictKind::fail);
}

// The server cannot know: it has to be told.
TEST(Unmet, ARevocationListIsForWhoWasGivenOne) {
  oracle::Facts listed = sound_facts();
  listed.revocation = oracle::Revocation::revoked;
  ServerExpectation expected{expectation_of(of_certificate(), listed)};
  const ServerJudgement open = judge_seen(of_certificate(), expected, accepting());
  EXPECT_EQ(open.kind, std::nullopt);
  EXPECT_EQ(open.reason, "whether the client was given the revocation list does not show");
  Observation refusing{.connections = 1, .handshakes = 1, .alert = "certificate_revoked"};
  EXPECT_EQ(judge_seen(of_certificate(), expected, refusing).kind, report::VerdictKind::pass);
  expected.as_told = true;
  EXPECT_EQ(judge_seen(of_certificate(), expected, accepting()).kind, report::VerdictKind::fail);
  EXPECT_EQ(judge_seen(of_certificate(), expected, refusing).kind, report::VerdictKind::pass);
}

}  // namespace
}  // namespace startle::cases
