// Clients that are told tls-policy="enable": what they do, and what is said of it.

#include "cases/engine/under_policy.h"

#include <gtest/gtest.h>

#include "cases/engine/run_for_test.h"

namespace startle::cases {
namespace {

using enum words::Ending;
using fake::Point;
using words::Ending;
using words::Invariant;
using words::Mode;
using words::TlsPolicy;
using words::TrustModel;

Plan enabled(std::vector<Case> cases) {
  return {.cases = std::move(cases), .tls_policy = TlsPolicy::enable};
}

// A server that says `reply` at `point` and takes everything in clear; whatever comes is right.
Case saying(Point point, std::string reply, Mode mode = Mode::smtp_starttls) {
  Case made{.id = "x"};
  made.setup.mode = mode;
  made.setup.script.accepts_in_clear = true;
  made.setup.script.deviations = {{.at = point, .steps = {fake::Send{std::move(reply)}}}};
  made.expect = {{delivered}, "r"};
  made.expect_enabled = Expectation{{delivered_in_clear}, "may go on"};
  return made;
}

report::Verdict verdict_on(const Plan& plan, const std::string& client = "builtin") {
  const Ran ran = run_plan(plan, *subject::make_subject(client));
  EXPECT_EQ(ran.verdicts.size(), 1U);
  return ran.verdicts.empty() ? report::Verdict{} : ran.verdicts.front();
}

struct Row {
  const char* name;
  Case with;
  TrustModel model;
  Ending ending;
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name;
}

class EnabledTlsTest : public testing::TestWithParam<Row> {};

TEST_P(EnabledTlsTest, Ends) {
  Plan plan = enabled({GetParam().with});
  plan.models = {GetParam().model};
  EXPECT_EQ(verdict_on(plan).observed, GetParam().ending);
}

const std::string kAuth = "250-x\r\n250 AUTH PLAIN LOGIN\r\n";
Case refusing(std::int64_t code) {
  Case made = saying(Point::starttls, "", Mode::ldap_starttls);
  made.setup.script.deviations.front().steps = {fake::Respond{.code = code}};
  return made;
}
constexpr auto kDocumented = TrustModel::documented;

const Row kRows[] = {
    {"WithoutAnOffer", saying(Point::ehlo, kAuth), kDocumented, delivered_in_clear},
    {"WithoutAuthEither", saying(Point::ehlo, "250 x\r\n"), kDocumented, delivered_in_clear},
    {"WithoutEhlo", saying(Point::ehlo, "502 no\r\n"), kDocumented, delivered_in_clear},
    {"RefusedForNow", saying(Point::starttls, "454 no\r\n"), kDocumented, delivered_in_clear},
    {"Refused", saying(Point::starttls, "502 no\r\n"), kDocumented, delivered_in_clear},
    {"JavaEndsAtARefusal", saying(Point::starttls, "454 no\r\n"), TrustModel::javamail,
     starttls_refused},
    {"JavaDoesWithoutAnOffer", saying(Point::ehlo, kAuth), TrustModel::javamail,
     delivered_in_clear},
    {"NoGoAhead", saying(Point::starttls, "250 Ok\r\n"), kDocumented, protocol_error},
    {"NoHandshake", saying(Point::starttls, "220 go\r\n250 x\r\n"), kDocumented, protocol_error},
    {"EhloForNow", saying(Point::ehlo, "421 later\r\n"), kDocumented, throttled},
    {"LdapRefused", refusing(52), kDocumented, delivered_in_clear},
    {"LdapWithoutStarttls", refusing(2), kDocumented, delivered_in_clear},
};
INSTANTIATE_TEST_SUITE_P(All, EnabledTlsTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(UnderPolicy, ASecretInClearIsANoteOfWhatThePolicyAllows) {
  const report::Verdict verdict = verdict_on(enabled({saying(Point::ehlo, kAuth)}));
  EXPECT_EQ(verdict.kind, report::VerdictKind::pass);
  EXPECT_TRUE(verdict.violations.empty());
  EXPECT_EQ(verdict.reason,
            "may go on; note: the secret went out in clear, which tls-policy=\"enable\" allows: "
            "whoever strips or refuses STARTTLS has it");
  // Nothing was given away.
  EXPECT_EQ(verdict_on(enabled({saying(Point::ehlo, "250 x\r\n")})).reason, "may go on");
}

TEST(UnderPolicy, AServerThatDoesNotSayNoIsNoReasonToSayASecretInClear) {
  Case beside_tls{.id = "x", .expect = {{delivered}, "r"}};
  const report::Verdict beside =
      verdict_on(enabled({beside_tls}), "defect:authenticates-beside-tls");
  EXPECT_EQ(beside.severity, words::Severity::leak);
  Case odd = saying(Point::starttls, "250 Ok\r\n");
  odd.setup.script.sasl.in_clear = "PLAIN LOGIN";
  odd.expect_enabled = Expectation{{protocol_error}, "only a no may be gone on after"};
  const report::Verdict in_clear = verdict_on(enabled({odd}), "defect:takes-other-success-for-tls");
  EXPECT_EQ(in_clear.violations,
            (std::vector{Invariant::secret_in_clear, Invariant::payload_in_clear}));
}

TEST(UnderPolicy, ACaseThatDoesNotSayWhatIsRightIsLeftOut) {
  Case silent = saying(Point::ehlo, kAuth);
  silent.expect_enabled.reset();
  const report::Verdict left_out = verdict_on(enabled({silent}));
  EXPECT_EQ(left_out.kind, report::VerdictKind::skip);
  EXPECT_EQ(left_out.reason, "the case does not say what is right under tls-policy=\"enable\"");
  // TLS is not in question there.
  silent.setup.mode = Mode::smtps;
  EXPECT_EQ(why_left_out(silent, TlsPolicy::enable), "");
  EXPECT_EQ(why_left_out({.id = "x"}, TlsPolicy::enable), "");
  EXPECT_EQ(why_left_out(silent, TlsPolicy::required), "");
}

TEST(UnderPolicy, TheStudysCasesAreJudgedUnderBoth) {
  for (const TlsPolicy policy : {TlsPolicy::required, TlsPolicy::enable}) {
    Plan plan = plan_of_single_cases();
    plan.globs = {"smtp/starttls", "smtp/go-ahead", "smtp/injection", "ldap/starttls"};
    plan.tls_policy = policy;
    const Ran ran = run_plan(plan, *subject::make_subject("builtin"));
    unsigned passed = 0;
    for (const report::Verdict& verdict : ran.verdicts) {
      EXPECT_NE(verdict.kind, report::VerdictKind::fail) << verdict.id << ": " << verdict.reason;
      if (verdict.kind == report::VerdictKind::pass) ++passed;
    }
    EXPECT_GE(passed, ran.verdicts.size() * 3 / 4) << word(policy);
  }
}

}  // namespace
}  // namespace startle::cases
