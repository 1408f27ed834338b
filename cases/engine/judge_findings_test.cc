// What a failure amounts to, as one finding: its id, its severity, and how it is explained.

#include <gtest/gtest.h>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/judge_for_test.h"
#include "harness/report/summary.h"

namespace startle::cases {
namespace {

using enum words::Ending;
using words::Ending;
using words::Severity;
using Endings = std::vector<Ending>;

TEST(Judge, OneBugFoldsIntoOneFinding) {
  report::Tally tally;
  const Matrix& matrix = trust_matrix();
  for (std::size_t i = 0; i < 300; ++i) {
    Exchange each = exchange();
    each.id = matrix.cell_id(i);
    cases::Run run = ended(delivered);
    // Some of them had no secret to give away.
    run.seen.tls_commands =
        i % 3 == 0 ? std::vector<std::string>{} : std::vector{std::string("EHLO")};
    const Judgement made = judge(each, {{certificate_expired}, "r"}, run);
    tally.add(made.verdict, made.finding);
  }
  ASSERT_EQ(tally.findings().size(), 1U);
  const report::Finding finding = tally.findings().front();
  EXPECT_EQ(finding.id, "accepts/certificate-expired");
  EXPECT_EQ(finding.severity, Severity::leak);
  EXPECT_EQ(finding.cases, 300U);
  EXPECT_EQ(finding.why,
            "a certificate outside its validity is not vouched for any more, or not yet");
  EXPECT_EQ(finding.fix, "check the dates of every certificate of the path (RFC 5280, 6.1.3)");
}

// A client of a directory is told in the words of LDAP.
TEST(Judge, EveryFixSpeaksOfItsOwnProtocol) {
  const auto fix = [](words::Mode mode, Endings expected, Ending observed, auto happened) {
    Exchange each = exchange();
    each.mode = mode;
    cases::Run run = ended(observed);
    run.seen.clear_commands.clear();
    happened(run.seen);
    return judge(each, {std::move(expected), "r"}, run).finding.fix;
  };
  const auto spoke_in_clear = [](fake::Observation& seen) {
    seen.clear_commands = {"search \"dc=example,dc=test\" (sub)"};
  };
  EXPECT_EQ(fix(words::Mode::smtp_starttls, {timeout}, timeout, spoke_in_clear),
            "until TLS stands, send only EHLO, STARTTLS, NOOP and QUIT (RFC 8314, 5.2)");
  EXPECT_EQ(fix(words::Mode::ldap_starttls, {timeout}, timeout, spoke_in_clear),
            "until TLS stands, read the root DSE, ask for StartTLS, unbind, and nothing else (RFC "
            "4513, 3.1.1)");
  const auto nothing = [](fake::Observation&) {};
  EXPECT_EQ(fix(words::Mode::smtp_starttls, {starttls_refused}, delivered, nothing),
            "where TLS is demanded, end the session without it (RFC 8314, 5.2)");
  EXPECT_EQ(fix(words::Mode::ldap_starttls, {starttls_refused}, bound, nothing),
            "where TLS is demanded, end the session without it (RFC 4513, 6.2)");
}

TEST(Judge, ASingleCasesOwnWordsComeFirst) {
  Exchange own = exchange();
  own.why = "their why";
  const Judgement made = judge(own, {{certificate_expired}, "r"}, ended(delivered));
  EXPECT_EQ(made.finding.why, "their why");
  EXPECT_EQ(made.finding.fix, "check the dates of every certificate of the path (RFC 5280, 6.1.3)");
}

TEST(Judge, ASingleCaseStatesItsExpectationAMatrixAsksTheOracle) {
  Exchange stated = exchange();
  stated.stated = Expectation{{timeout}, "stated"};
  EXPECT_EQ(expectation_of(stated, {}).reason, "stated");
  Exchange asked = make_exchange({}, "x", "h.test", {.trust = words::TrustModel::pkix}, 1);
  oracle::Facts facts{.presented = {.dns_names = {"h.test"}}};
  EXPECT_EQ(expectation_of(asked, facts).endings, Endings{delivered});
  facts.end_entity = oracle::Validity::expired;
  EXPECT_EQ(expectation_of(asked, facts).endings, Endings{certificate_expired});
}

}  // namespace
}  // namespace startle::cases
