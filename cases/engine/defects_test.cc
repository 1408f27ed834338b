// The proof that the catalogue bites: each defective client fails a case, and the correct client
// passes them all.

#include <gtest/gtest.h>

#include <map>

#include "cases/engine/run_for_test.h"
#include "harness/subject/defect.h"

namespace startle::cases {
namespace {

using enum words::Severity;
using words::Severity;

// The single cases: the trust model is in question between connections alone.
Plan plan_of_single_killers() {
  return {.cases = tree_catalogue().cases(), .globs = {"smtp", "ldap"}};
}
Plan plan_between_connections() {
  return {.cases = tree_catalogue().cases(),
          .globs = {"smtp/state", "ldap/state"},
          .models = {words::TrustModel::pkix}};
}

// Every certificate with a few trust values.
Plan plan_of_killing_cells() {
  return {.matrices = tree_catalogue().matrices(),
          .globs = {"matrix/trust/mode=smtp-starttls/trust=host/*/credential=valid",
                    "matrix/trust/mode=smtp-starttls/trust=absent/*/credential=valid",
                    "matrix/trust/mode=smtp-starttls/trust=upper-case/*/credential=valid",
                    "matrix/certificates/mode=smtp-starttls/trust=host/*",
                    "matrix/full/mode=smtp-starttls/trust=host/certificate=self-signed/"
                    "credential=valid/store=*",
                    "matrix/full/mode=smtp-starttls/trust=host/certificate=valid/"
                    "credential=valid/store=*"},
          .models = {words::TrustModel::documented, words::TrustModel::pkix}};
}

std::vector<report::Verdict> verdicts_on(const std::string& client) {
  const auto subject = subject::make_subject(client);
  std::vector<report::Verdict> all;
  for (const Plan& plan :
       {plan_of_single_killers(), plan_between_connections(), plan_of_killing_cells()}) {
    const auto some = run_plan(plan, *subject, {.jobs = 2}).verdicts;
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

// How bad each is, at least, for whoever runs such a client.
const std::map<std::string_view, Severity> kWorst{
    {"accepts-any-certificate", leak},
    {"accepts-any-issuer", leak},
    {"accepts-any-name", leak},
    {"accepts-appended-root", leak},
    {"accepts-early-success", false_accept},
    {"accepts-expired", leak},
    {"accepts-foreign-nonce", false_accept},
    {"accepts-foreign-staple", leak},
    {"accepts-missing-signature", false_accept},
    {"accepts-other-purpose", leak},
    {"accepts-revoked", leak},
    {"accepts-short-signature", false_accept},
    {"accepts-success-after-error", false_accept},
    {"accepts-unchanged-nonce", false_accept},
    {"accepts-unknown-authority", leak},
    {"accepts-unreadable-issuer", leak},
    {"accepts-unsigned-staple", leak},
    {"accepts-version-1-authority", leak},
    {"accepts-wrong-signature", false_accept},
    {"answers-absent-challenge", false_accept},
    {"answers-beyond-end", false_accept},
    {"answers-broken-base64", false_accept},
    {"answers-huge-challenge", false_accept},
    {"asks-for-starttls-inside-tls", false_refuse},
    {"authenticates-beside-tls", leak},
    {"authenticates-in-clear", leak},
    {"believes-any-response", false_accept},
    {"believes-injected-reply", false_accept},
    {"believes-surplus-responses", false_accept},
    {"binds-before-go-ahead", leak},
    {"binds-before-starttls", leak},
    {"binds-to-another-channel", false_accept},
    {"binds-without-ems", false_accept},
    {"binds-without-password", false_accept},
    {"blames-the-password", wrong_reason},
    {"blames-the-sender", wrong_reason},
    {"calls-every-refusal-wrong-credentials", wrong_reason},
    {"computes-any-iterations", false_accept},
    {"continues-after-refused-authentication", false_accept},
    {"counts-common-name", leak},
    {"cuts-names-at-nul", leak},
    {"cuts-replies-at-nul", false_accept},
    {"cuts-result-codes", false_accept},
    {"decides-by-text", false_accept},
    {"demands-response-name", false_refuse},
    {"drops-channel-binding", false_accept},
    {"falls-back-to-clear", leak},
    {"follows-referral-in-clear", leak},
    {"follows-referral-of-refusal", leak},
    {"forgets-last-keyword", false_refuse},
    {"forgets-starttls", leak},
    {"forgets-store-behind-starttls", false_refuse},
    {"gives-up-after-504", false_refuse},
    {"goes-by-diagnostic-message", false_accept},
    {"goes-by-exact-codes", false_refuse},
    {"goes-on-after-close-notify", leak},
    {"goes-on-after-refused-starttls", leak},
    {"goes-on-without-starttls", leak},
    {"hides-that-it-can-bind", false_accept},
    {"ignores-configured-mechanism", false_accept},
    {"ignores-critical-extension", leak},
    {"ignores-greeting-code", false_accept},
    {"ignores-key-usage", leak},
    {"ignores-mail-refusal", false_accept},
    {"ignores-mandatory-extension", false_accept},
    {"ignores-name-constraints", leak},
    {"ignores-notice-of-disconnection", wrong_reason},
    {"ignores-path-length", leak},
    {"ignores-recipient-refusal", false_accept},
    {"ignores-starttls-reply", false_accept},
    {"ignores-starttls-result", false_accept},
    {"ignores-starttls-setting", leak},
    {"inverts-name-check", leak},
    {"keeps-capabilities", false_accept},
    {"keeps-first-options", leak},
    {"keeps-half-a-line", false_accept},
    {"keeps-unreadable-root-dse", false_accept},
    {"listens-before-tls", false_accept},
    {"names-in-other-case-differ", false_refuse},
    {"needs-text-behind-code", false_refuse},
    {"never-says-helo", false_refuse},
    {"offers-anonymous", false_accept},
    {"offers-null-cipher", false_accept},
    {"offers-old-versions", false_accept},
    {"offers-rc4", false_accept},
    {"offers-sha-1", false_accept},
    {"overlooks-downgrade-mark", false_accept},
    {"overlooks-late-extension", false_accept},
    {"pins-by-name", leak},
    {"pipelines-behind-starttls", false_accept},
    {"queues-surplus-replies", false_accept},
    {"reads-attributes-in-any-order", false_accept},
    {"reads-bare-lf", wrong_reason},
    {"reads-cut-replies", false_accept},
    {"reads-first-line-alone", false_refuse},
    {"reads-keywords-in-one-case", false_refuse},
    {"reads-messages-of-any-length", wrong_reason},
    {"reads-replies-of-any-length", false_accept},
    {"reads-segments-as-replies", leak},
    {"reads-signature-in-reply", false_accept},
    {"refuses-critical-controls", false_refuse},
    {"refuses-long-lengths", false_refuse},
    {"renews-deadline-with-each-line", wrong_reason},
    {"reports-refused-message-delivered", false_accept},
    {"resumes-across-hosts", leak},
    {"resumes-across-users", false_accept},
    {"resumes-unverified", leak},
    {"retries-in-clear", leak},
    {"reuses-across-stores", leak},
    {"reuses-across-trust", leak},
    {"reuses-across-users", false_accept},
    {"reuses-clear-connection", leak},
    {"sends-helo-and-authenticates", leak},
    {"sends-long-initial-response", false_refuse},
    {"sends-message-after-refused-data", false_accept},
    {"sends-no-server-name", false_refuse},
    {"sends-value-with-starttls", false_refuse},
    {"skips-names-without-reference", leak},
    {"skips-second-ehlo", false_accept},
    {"skips-what-is-no-reply", false_accept},
    {"starts-tls-only-to-authenticate", leak},
    {"steps-down-after-failure", false_accept},
    {"takes-250-for-authenticated", wrong_reason},
    {"takes-421-for-refusal", wrong_reason},
    {"takes-addresses-for-names", leak},
    {"takes-any-reply-for-ehlo", false_accept},
    {"takes-domain-for-keyword", false_accept},
    {"takes-end-for-answer", false_accept},
    {"takes-end-for-result", false_accept},
    {"takes-farewell-for-result", false_refuse},
    {"takes-first-code", false_accept},
    {"takes-last-code", false_accept},
    {"takes-late-504-for-unknown", false_accept},
    {"takes-lookalike-for-starttls", false_accept},
    {"takes-lost-connection-for-refusal", wrong_reason},
    {"takes-notification-for-answer", false_accept},
    {"takes-other-response-for-starttls", false_accept},
    {"takes-other-success-for-tls", leak},
    {"takes-partial-wildcards", leak},
    {"takes-segment-for-message", false_refuse},
    {"takes-temporary-for-permanent", wrong_reason},
    {"tries-login-after-refused-plain", false_accept},
    {"trusts-anyone-by-default", false_accept},
    {"uses-tls-unique-in-tls-1-3", false_accept},
    {"verifies-implicit-tls-alone", leak},
    {"verifies-only-without-own-certificate", false_accept},
    {"waits-for-ever", wrong_reason},
};

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const subject::Defect& defect : subject::defects()) all.emplace_back(defect.name);
  return all;
}

class DefectTest : public testing::TestWithParam<std::string> {};

TEST_P(DefectTest, FailsACaseThatTheCorrectClientPasses) {
  const std::string& name = GetParam();
  std::vector<std::string> killers;
  std::optional<Severity> worst;
  for (const report::Verdict& v : verdicts_on("defect:" + name)) {
    EXPECT_NE(v.kind, report::VerdictKind::error) << v.reason;
    if (v.kind != report::VerdictKind::fail) continue;
    killers.push_back(v.id + " [" + std::string(word(v.trust_model)) + "] " + v.reason);
    worst = worst ? std::max(*worst, *v.severity) : *v.severity;
  }
  ASSERT_FALSE(killers.empty()) << name << ": no case fails it: a hole in the catalogue";
  RecordProperty("killed_by", killers.front());
  std::printf("%s is killed by %zu cases, first by\n  %s\n", name.c_str(), killers.size(),
              killers.front().c_str());
  const auto expected = kWorst.find(name);
  ASSERT_NE(expected, kWorst.end()) << name << " has no row in kWorst";
  EXPECT_GE(*worst, expected->second) << word(*worst) << " is not " << word(expected->second);
}

INSTANTIATE_TEST_SUITE_P(All, DefectTest, testing::ValuesIn(names()), [](const auto& row) {
  std::string name = row.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

TEST(Defects, TheCorrectClientPassesEveryCaseTheyAreKilledBy) {
  for (const report::Verdict& v : verdicts_on("builtin")) {
    EXPECT_EQ(v.kind, report::VerdictKind::pass) << v.id << ": " << v.reason;
  }
}

TEST(Defects, EveryRowOfTheTableIsADefect) {
  EXPECT_EQ(kWorst.size(), subject::defects().size());
}

}  // namespace
}  // namespace startle::cases
