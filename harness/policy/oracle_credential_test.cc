// README.md, "Credential" and "Mode".

#include <gtest/gtest.h>

#include <string>

#include "harness/policy/oracle.h"
#include "harness/policy/test_facts.h"

namespace startle::policy {
namespace {

constexpr Ending conf = Ending::configuration_error;
constexpr Ending auth = Ending::auth_rejected;
constexpr Ending ok = Ending::delivered;
constexpr Ending sender = Ending::sender_not_authorized;
constexpr Ending expd = Ending::certificate_expired;

struct CredentialRow {
  const char* id;
  CredentialFacts credential;
  Ending by_names;        // documented and pkix, certificate `valid`
  Ending as_java;         // javamail and angus, certificate `valid`
  Ending names_refusing;  // documented and pkix, certificate `expired`
  Ending java_refusing;   // javamail and angus, certificate `expired`
};

const CredentialRow kRows[] = {
    {"valid", {}, ok, ok, expd, expd},
    {"wrong_password", {.accepted = false}, auth, auth, expd, expd},
    {"unknown_user", {.accepted = false}, auth, auth, expd, expd},
    {"empty_password", {.password_empty = true, .accepted = false}, conf, auth, conf, expd},
    {"no_username", {.username_present = false}, conf, conf, conf, conf},
    {"no_password", {.password_present = false}, conf, conf, conf, conf},
    {"sender_not_authorized", {.sender_authorized = false}, sender, sender, expd, expd},
    {"utf8", {}, ok, ok, expd, expd},
    {"special_characters", {}, ok, ok, expd, expd},
    {"long", {}, ok, ok, expd, expd},
    {"wrong_password_and_sender",
     {.accepted = false, .sender_authorized = false},
     auth,
     auth,
     expd,
     expd},
};

class Credential : public testing::TestWithParam<CredentialRow> {};

TEST_P(Credential, CountsOnlyBehindAnAcceptedCertificate) {
  const CredentialRow& row = GetParam();
  for (const TrustModel model :
       {TrustModel::documented, TrustModel::pkix, TrustModel::javamail, TrustModel::angus}) {
    SCOPED_TRACE(word(model));
    const bool java = model == TrustModel::javamail || model == TrustModel::angus;
    Question question{.model = model, .host = kHost, .credential = row.credential};
    if (!java) question.trust = kHost;
    question.facts = facts_of("valid");
    EXPECT_EQ(word(expect(question).endings.at(0)), word(java ? row.as_java : row.by_names));
    question.facts = facts_of("expired");
    EXPECT_EQ(word(expect(question).endings.at(0)),
              word(java ? row.java_refusing : row.names_refusing));
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, Credential, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.id); });

TEST(Mode, WithoutStarttlsNoCertificateIsLookedAtAndNoCredentialIsSent) {
  for (const TrustModel model :
       {TrustModel::documented, TrustModel::pkix, TrustModel::javamail, TrustModel::angus}) {
    SCOPED_TRACE(word(model));
    Question question{.model = model,
                      .mode = Mode::smtp_plain,
                      .host = kHost,
                      .credential = {.username_present = false, .password_present = false},
                      .facts = facts_of("self-signed-mismatched")};
    EXPECT_EQ(expect(question).endings, std::vector{Ending::delivered_in_clear});
    question.credential = {};
    EXPECT_EQ(expect(question).endings, std::vector{Ending::auth_unavailable});
    question.credential = {.password_present = false};
    EXPECT_EQ(expect(question).endings, std::vector{Ending::auth_unavailable});
  }
}

TEST(Configuration, ComplaintsNameTheAttribute) {
  Question question{.host = kHost, .trust = "", .facts = facts_of("valid")};
  EXPECT_EQ(expect(question).reason, "trust is empty: it lists no host");
  question.trust = std::nullopt;
  EXPECT_EQ(expect(question).reason, "starttls=\"true\" requires trust");
  question.credential.password_empty = true;
  EXPECT_EQ(expect(question).reason, "the password is empty");
  question.credential.password_present = false;
  EXPECT_EQ(expect(question).reason, "starttls=\"true\" requires password");
  question.credential.username_present = false;
  EXPECT_EQ(expect(question).reason, "starttls=\"true\" requires username");
  question.host = "";
  EXPECT_EQ(expect(question).reason, "url names no host");
  EXPECT_EQ(expect(question).endings, std::vector{Ending::configuration_error});
}

}  // namespace
}  // namespace startle::policy
