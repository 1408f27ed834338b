// README.md, "Credential" and "Mode".

#include <gtest/gtest.h>

#include <string>

#include "harness/policy/oracle.h"
#include "harness/policy/test_facts.h"

namespace startle::policy {
namespace {

using sasl::Mechanism;

constexpr Ending conf = Ending::configuration_error;
constexpr Ending auth = Ending::auth_rejected;
constexpr Ending bound = Ending::bound;
constexpr Ending ok = Ending::delivered;
constexpr Ending sender = Ending::sender_not_authorized;
constexpr Ending expd = Ending::certificate_expired;

const TrustModel kModels[] = {TrustModel::documented, TrustModel::pkix, TrustModel::javamail,
                              TrustModel::angus};

bool is_java(TrustModel model) {
  return model == TrustModel::javamail || model == TrustModel::angus;
}

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
  Ending by_names;  // SMTP, documented and pkix
  Ending as_java;   // SMTP, javamail and angus
  Ending ldap;      // every model
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
    {"anonymous", kAnonymous, conf, conf, bound},
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
  for (const Mode mode : {Mode::smtp_starttls, Mode::smtps, Mode::ldap_starttls, Mode::ldaps}) {
    for (const TrustModel model : kModels) {
      SCOPED_TRACE(std::string(word(mode)) + " " + std::string(word(model)));
      Question question{.model = model, .mode = mode, .host = kHost, .credential = row.credential};
      if (!is_java(model)) question.trust = kHost;
      const Ending smtp = is_java(model) ? row.as_java : row.by_names;
      const Ending ending = protocol_of(mode) == Protocol::ldap ? row.ldap : smtp;
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
    for (const TrustModel model : kModels) {
      SCOPED_TRACE(recipe + " " + std::string(word(model)));
      Question question{.model = model, .host = kHost, .trust = kHost, .facts = facts};
      const Answer starttls = expect(question);
      question.mode = Mode::smtps;
      EXPECT_EQ(expect(question).endings, starttls.endings);
      EXPECT_EQ(expect(question).reason, starttls.reason);
      std::vector<Ending> as_ldap = starttls.endings;
      for (Ending& ending : as_ldap) ending = ending == ok ? bound : ending;
      for (const Mode mode : {Mode::ldap_starttls, Mode::ldaps}) {
        question.mode = mode;
        EXPECT_EQ(expect(question).endings, as_ldap) << word(mode);
        EXPECT_EQ(expect(question).reason, starttls.reason) << word(mode);
      }
    }
  }
}

TEST(Mode, WithoutTlsADirectoryIsAskedAnonymouslyOrNotAtAll) {
  const std::pair<CredentialFacts, Ending> rows[] = {
      {kAnonymous, Ending::delivered_in_clear},
      {{}, Ending::auth_unavailable},
      {{.accepted = false}, Ending::auth_unavailable},
      {{.password_empty = true, .accepted = false}, conf},
      {{.password_present = false, .accepted = false}, conf},
      {{.username_present = false, .accepted = false}, conf},
      {external(true), conf},
  };
  for (const TrustModel model : kModels) {
    for (const auto& [credential, ending] : rows) {
      const Question question{.model = model,
                              .mode = Mode::ldap_plain,
                              .host = kHost,
                              .credential = credential,
                              .facts = facts_of("self-signed-mismatched")};
      EXPECT_EQ(expect(question).endings, std::vector{ending}) << word(model);
    }
  }
}

TEST(Mode, WithoutStarttlsNoCertificateIsLookedAtAndNoCredentialIsSent) {
  for (const TrustModel model : kModels) {
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
  EXPECT_EQ(expect(question).endings, std::vector{Ending::configuration_error});
}

TEST(Configuration, ComplaintsNameTheAttributeThatDemandsTls) {
  Question question{.host = kHost, .facts = facts_of("valid")};
  for (const Mode mode : {Mode::smtps, Mode::ldaps}) {
    question.mode = mode;
    EXPECT_EQ(expect(question).reason, "ssl=\"true\" requires trust");
  }
  question.mode = Mode::ldap_starttls;
  EXPECT_EQ(expect(question).reason, "starttls=\"true\" requires trust");
  question.credential = kAnonymous;
  EXPECT_EQ(expect(question).reason, "starttls=\"true\" requires trust");
  question.mode = Mode::smtps;
  EXPECT_EQ(expect(question).reason, "ssl=\"true\" requires username");
}

TEST(Configuration, ComplaintsAboutABindNameWhatItLacks) {
  for (const Mode mode : {Mode::ldap_starttls, Mode::ldaps, Mode::ldap_plain}) {
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
  for (const Mode mode : {Mode::smtp_starttls, Mode::smtps, Mode::ldap_starttls, Mode::ldaps}) {
    Question question{.mode = mode,
                      .host = kHost,
                      .trust = kHost,
                      .credential = kExternalWithoutCertificate,
                      .facts = facts_of("valid")};
    EXPECT_EQ(expect(question).reason, "mechanism=\"EXTERNAL\" requires certificate");
    question.credential = external(false);
    EXPECT_EQ(expect(question).reason, "the server does not accept the client's certificate");
  }
  for (const Mode mode : {Mode::smtp_plain, Mode::ldap_plain}) {
    const Question question{
        .mode = mode, .host = kHost, .credential = external(true), .facts = facts_of("valid")};
    EXPECT_EQ(expect(question).endings, std::vector{conf});
    EXPECT_EQ(expect(question).reason,
              "mechanism=\"EXTERNAL\" requires TLS: the certificate is shown in its handshake");
  }
}

}  // namespace
}  // namespace startle::policy
