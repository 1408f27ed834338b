// README.md, "Credential" and "Mode".

#include <gtest/gtest.h>

#include <string>

#include "harness/oracle/oracle.h"
#include "harness/oracle/test_facts.h"

namespace startle::oracle {
namespace {

using sasl::Mechanism;

constexpr words::Ending conf = words::Ending::configuration_error;
constexpr words::Ending auth = words::Ending::auth_rejected;
constexpr words::Ending bound = words::Ending::bound;
constexpr words::Ending ok = words::Ending::delivered;
constexpr words::Ending sender = words::Ending::sender_not_authorized;
constexpr words::Ending expd = words::Ending::certificate_expired;

// Neither name nor password.
constexpr CredentialFacts kAnonymous{
    .username_present = false, .password_present = false, .accepted = false};
// Neither of them, but a certificate.
constexpr CredentialFacts external(bool accepted) {
  return {.username_present = false,
          .password_present = false,
          .mechanism = Mechanism::external,
          .certificate_present = true,
          .accepted = accepted};
}
constexpr CredentialFacts kExternalWithoutCertificate{.username_present = false,
                                                      .password_present = false,
                                                      .mechanism = Mechanism::external,
                                                      .accepted = false};

// With trust = the host (D, P) or absent (J, A), and the certificate `valid`.
struct CredentialRow {
  const char* id;
  CredentialFacts credential;
  words::Ending by_names;  // SMTP, documented and pkix
  words::Ending as_java;   // SMTP, javamail and angus
  words::Ending ldap;      // every model
};

const CredentialRow kRows[] = {
    {"valid", {}, ok, ok, bound},
    {"wrong_password", {.accepted = false}, auth, auth, auth},
    {"unknown_user", {.accepted = false}, auth, auth, auth},
    {"empty_password", {.password_empty = true, .accepted = false}, conf, auth, conf},
    {"no_name_between_the_quotes", {.username_empty = true, .accepted = false}, conf, auth, conf},
    {"no_username", {.username_present = false, .accepted = false}, conf, conf, conf},
    {"no_password", {.password_present = false, .accepted = false}, conf, conf, conf},
    {"sender_not_authorized", {.sender_authorized = false}, sender, sender, bound},
    {"wrong_password_and_sender",
     {.accepted = false, .sender_authorized = false},
     auth,
     auth,
     auth},
    {"anonymous", kAnonymous, conf, ok, bound},
    {"no_name_and_an_empty_password",
     {.username_present = false, .password_empty = true, .accepted = false},
     conf,
     conf,
     bound},
    {"external", external(true), ok, ok, bound},
    {"external_refused", external(false), auth, auth, auth},
    {"external_without_certificate", kExternalWithoutCertificate, conf, conf, conf},
    {"external_with_a_name",
     {.password_present = false, .mechanism = Mechanism::external, .certificate_present = true},
     ok,
     ok,
     bound},
    // What is not used is not judged.
    {"external_with_an_empty_password",
     {.password_empty = true, .mechanism = Mechanism::external, .certificate_present = true},
     ok,
     ok,
     bound},
    {"external_and_another_sender",
     {.username_present = false,
      .password_present = false,
      .mechanism = Mechanism::external,
      .certificate_present = true,
      .sender_authorized = false},
     sender,
     sender,
     bound},
};

class Credential : public testing::TestWithParam<CredentialRow> {};

// Implicit TLS or not changes nothing.
TEST_P(Credential, CountsOnlyBehindAnAcceptedCertificate) {
  const CredentialRow& row = GetParam();
  for (const words::Mode mode : {words::Mode::smtp_starttls, words::Mode::smtps,
                                 words::Mode::ldap_starttls, words::Mode::ldaps}) {
    for (const words::TrustModel model : words::kEveryTrustModel) {
      SCOPED_TRACE(std::string(word(mode)) + " " + std::string(word(model)));
      Question question{.model = model, .mode = mode, .host = kHost, .credential = row.credential};
      if (!words::is_javas(model)) question.trust = kHost;
      const words::Ending smtp = words::is_javas(model) ? row.as_java : row.by_names;
      const words::Ending ending =
          words::protocol_of(mode) == words::Protocol::ldap ? row.ldap : smtp;
      question.facts = facts_of("valid");
      EXPECT_EQ(expect(question).endings, std::vector{ending}) << expect(question).reason;
      question.facts = facts_of("expired");
      EXPECT_EQ(expect(question).endings, std::vector{ending == conf ? conf : expd});
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, Credential, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.id); });

TEST(Mode, ACertificateCountsTheSameInAllThatDemandTls) {
  for (const auto& [recipe, facts] : recipe_facts()) {
    for (const words::TrustModel model : words::kEveryTrustModel) {
      SCOPED_TRACE(recipe + " " + std::string(word(model)));
      Question question{.model = model, .host = kHost, .trust = kHost, .facts = facts};
      const Answer starttls = expect(question);
      question.mode = words::Mode::smtps;
      EXPECT_EQ(expect(question).endings, starttls.endings);
      EXPECT_EQ(expect(question).reason, starttls.reason);
      std::vector<words::Ending> as_ldap = starttls.endings;
      for (words::Ending& ending : as_ldap) ending = ending == ok ? bound : ending;
      for (const words::Mode mode : {words::Mode::ldap_starttls, words::Mode::ldaps}) {
        question.mode = mode;
        EXPECT_EQ(expect(question).endings, as_ldap) << word(mode);
        EXPECT_EQ(expect(question).reason, starttls.reason) << word(mode);
      }
    }
  }
}

TEST(Mode, WithoutTlsADirectoryIsAskedAnonymouslyOrNotAtAll) {
  const std::pair<CredentialFacts, words::Ending> rows[] = {
      {kAnonymous, words::Ending::delivered_in_clear},
      {{}, words::Ending::auth_unavailable},
      {{.accepted = false}, words::Ending::auth_unavailable},
      {{.password_empty = true, .accepted = false}, conf},
      {{.password_present = false, .accepted = false}, conf},
      {{.username_present = false, .accepted = false}, conf},
      {external(true), conf},
  };
  for (const words::TrustModel model : words::kEveryTrustModel) {
    for (const auto& [credential, ending] : rows) {
      const Question question{.model = model,
                              .mode = words::Mode::ldap_plain,
                              .host = kHost,
                              .credential = credential,
                              .facts = facts_of("self-signed-mismatched")};
      EXPECT_EQ(expect(question).endings, std::vector{ending}) << word(model);
    }
  }
}

TEST(Mode, WithoutStarttlsNoCertificateIsLookedAtAndNoCredentialIsSent) {
  for (const words::TrustModel model : words::kEveryTrustModel) {
    SCOPED_TRACE(word(model));
    Question question{.model = model,
                      .mode = words::Mode::smtp_plain,
                      .host = kHost,
                      .credential = {.username_present = false, .password_present = false},
                      .facts = facts_of("self-signed-mismatched")};
    EXPECT_EQ(expect(question).endings, std::vector{words::Ending::delivered_in_clear});
    question.credential = {};
    EXPECT_EQ(expect(question).endings, std::vector{words::Ending::auth_unavailable});
    question.credential = {.password_present = false};
    EXPECT_EQ(expect(question).endings, std::vector{words::Ending::auth_unavailable});
    question.credential = external(true);
    EXPECT_EQ(expect(question).endings, std::vector{conf});
  }
}

TEST(Configuration, ComplaintsNameTheAttribute) {
  Question question{.host = kHost, .trust = "", .facts = facts_of("valid")};
  EXPECT_EQ(expect(question).reason, "trust is empty: it lists no host");
  question.trust = std::nullopt;
  EXPECT_EQ(expect(question).reason, "starttls=\"true\" requires trust");
  question.credential.password_empty = true;
  EXPECT_EQ(expect(question).reason, "the password is empty");
  question.credential.username_empty = true;
  EXPECT_EQ(expect(question).reason, "the username is empty");
  question.credential.password_present = false;
  EXPECT_EQ(expect(question).reason, "starttls=\"true\" requires password");
  question.credential.username_present = false;
  EXPECT_EQ(expect(question).reason, "starttls=\"true\" requires username");
  question.host = "";
  EXPECT_EQ(expect(question).reason, "url names no host");
  EXPECT_EQ(expect(question).endings, std::vector{words::Ending::configuration_error});
}

TEST(Configuration, ComplaintsNameTheAttributeThatDemandsTls) {
  Question question{.host = kHost, .facts = facts_of("valid")};
  for (const words::Mode mode : {words::Mode::smtps, words::Mode::ldaps}) {
    question.mode = mode;
    EXPECT_EQ(expect(question).reason, "ssl=\"true\" requires trust");
  }
  question.mode = words::Mode::ldap_starttls;
  EXPECT_EQ(expect(question).reason, "starttls=\"true\" requires trust");
  question.credential = kAnonymous;
  EXPECT_EQ(expect(question).reason, "starttls=\"true\" requires trust");
  question.mode = words::Mode::smtps;
  EXPECT_EQ(expect(question).reason, "ssl=\"true\" requires username");
}

TEST(Configuration, ComplaintsAboutABindNameWhatItLacks) {
  for (const words::Mode mode :
       {words::Mode::ldap_starttls, words::Mode::ldaps, words::Mode::ldap_plain}) {
    Question question{.mode = mode, .host = kHost, .trust = kHost, .facts = facts_of("valid")};
    question.credential = {.username_present = false};
    EXPECT_EQ(expect(question).reason, "a bind that is not anonymous requires username");
    question.credential = {.password_present = false};
    EXPECT_EQ(expect(question).reason, "a bind that is not anonymous requires password");
    question.credential = {.password_empty = true};
    EXPECT_EQ(expect(question).reason,
              "a name with an empty password is an unauthenticated bind (RFC 4513, 5.1.2)");
  }
}

TEST(Configuration, ExternalNeedsACertificateAndTls) {
  for (const words::Mode mode : {words::Mode::smtp_starttls, words::Mode::smtps,
                                 words::Mode::ldap_starttls, words::Mode::ldaps}) {
    Question question{.mode = mode,
                      .host = kHost,
                      .trust = kHost,
                      .credential = kExternalWithoutCertificate,
                      .facts = facts_of("valid")};
    EXPECT_EQ(expect(question).reason, "mechanism=\"EXTERNAL\" requires certificate");
    question.credential = external(false);
    EXPECT_EQ(expect(question).reason, "the server does not accept the client's certificate");
  }
  for (const words::Mode mode : {words::Mode::smtp_plain, words::Mode::ldap_plain}) {
    const Question question{
        .mode = mode, .host = kHost, .credential = external(true), .facts = facts_of("valid")};
    EXPECT_EQ(expect(question).endings, std::vector{conf});
    EXPECT_EQ(expect(question).reason,
              "mechanism=\"EXTERNAL\" requires TLS: the certificate is shown in its handshake");
  }
}

}  // namespace
}  // namespace startle::oracle
