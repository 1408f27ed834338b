// README.md, "Mechanism": a SASL mechanism that is configured.

#include <gtest/gtest.h>

#include <string>

#include "harness/oracle/oracle.h"
#include "harness/oracle/test_facts.h"

namespace startle::oracle {
namespace {

using sasl::Mechanism;

constexpr words::Ending conf = words::Ending::configuration_error;
constexpr words::Ending rejected = words::Ending::auth_rejected;
constexpr words::Ending unavailable = words::Ending::auth_unavailable;

const words::Mode kModesWithTls[] = {words::Mode::smtp_starttls, words::Mode::smtps,
                                     words::Mode::ldap_starttls, words::Mode::ldaps};

bool is_ldap(words::Mode mode) {
  return words::protocol_of(mode) == words::Protocol::ldap;
}

struct MechanismRow {
  const char* id;
  CredentialFacts credential;  // without its mechanism
  words::Ending smtp;          // documented and pkix
  words::Ending as_java;       // SMTP, javamail and angus
  words::Ending ldap;          // every model
  std::string reason;          // of documented in SMTP; NAME is the mechanism's
};

// `delivered` stands for `bound` in LDAP.
const MechanismRow kRows[] = {
    {"right", {}, words::Ending::delivered, words::Ending::delivered, words::Ending::bound, ""},
    {"not_offered",
     {.offered = false},
     unavailable,
     unavailable,
     unavailable,
     "inside TLS the server does not offer NAME"},
    {"not_offered_and_wrong",
     {.offered = false, .accepted = false},
     unavailable,
     unavailable,
     unavailable,
     "inside TLS the server does not offer NAME"},
    {"wrong", {.accepted = false}, rejected, rejected, rejected, ""},
    {"another_sender",
     {.sender_authorized = false},
     words::Ending::sender_not_authorized,
     words::Ending::sender_not_authorized,
     words::Ending::bound,
     "the user may not send from the configured e-mail address"},
    {"no_username",
     {.username_present = false},
     conf,
     conf,
     conf,
     "mechanism=\"NAME\" requires username"},
    {"no_password",
     {.password_present = false},
     conf,
     conf,
     conf,
     "mechanism=\"NAME\" requires password"},
    {"neither",
     {.username_present = false, .password_present = false},
     conf,
     conf,
     conf,
     "mechanism=\"NAME\" requires username"},
    {"empty_password",
     {.password_empty = true, .accepted = false},
     conf,
     rejected,
     conf,
     "the password is empty"},
};

class OfAMechanism : public testing::TestWithParam<MechanismRow> {};

std::string with_name(std::string sentence, Mechanism mechanism) {
  const std::size_t at = sentence.find("NAME");
  return at == std::string::npos ? sentence : sentence.replace(at, 4, std::string(word(mechanism)));
}

// All that go by a name and a password or a token, in every mode and model.
TEST_P(OfAMechanism, CountsOnlyBehindAnAcceptedCertificate) {
  const MechanismRow& row = GetParam();
  for (const std::string_view name : sasl::kMechanisms) {
    const auto mechanism = *from_word<Mechanism>(name);
    if (mechanism == Mechanism::external) continue;
    CredentialFacts credential = row.credential;
    credential.mechanism = mechanism;
    for (const words::Mode mode : kModesWithTls) {
      for (const words::TrustModel model : words::kEveryTrustModel) {
        SCOPED_TRACE(std::string(name) + " " + std::string(word(mode)) + " " +
                     std::string(word(model)));
        Question question{.model = model, .mode = mode, .host = kHost, .credential = credential};
        if (!words::is_javas(model)) question.trust = kHost;
        question.facts = facts_of("valid");
        const words::Ending smtp = words::is_javas(model) ? row.as_java : row.smtp;
        const words::Ending ending = is_ldap(mode) ? row.ldap : smtp;
        const Answer answer = expect(question);
        EXPECT_EQ(answer.endings, std::vector{ending}) << answer.reason;
        if (!row.reason.empty() && ending == row.smtp) {
          EXPECT_EQ(answer.reason, with_name(row.reason, mechanism));
        }
        question.facts = facts_of("expired");
        EXPECT_EQ(expect(question).endings,
                  std::vector{ending == conf ? conf : words::Ending::certificate_expired});
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, OfAMechanism, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.id); });

TEST(Mechanism, WithoutTlsNoneIsEverUsed) {
  for (const words::Mode mode : {words::Mode::smtp_plain, words::Mode::ldap_plain}) {
    for (const Mechanism mechanism :
         {Mechanism::scram_sha_256, Mechanism::cram_md5, Mechanism::plain}) {
      for (const words::TrustModel model : words::kEveryTrustModel) {
        Question question{.model = model,
                          .mode = mode,
                          .host = kHost,
                          .credential = {.mechanism = mechanism},
                          .facts = facts_of("valid")};
        EXPECT_EQ(expect(question).endings, std::vector{unavailable});
        question.credential.username_present = false;
        // Nobody is to be authenticated: in SMTP that is no mistake without TLS.
        EXPECT_EQ(expect(question).endings,
                  std::vector{is_ldap(mode) ? conf : words::Ending::delivered_in_clear});
      }
    }
  }
}

TEST(Mechanism, ThatIsNotConfiguredMayNotBeToBeHad) {
  for (const words::Mode mode : {words::Mode::smtp_starttls, words::Mode::smtps}) {
    const Question question{.mode = mode,
                            .host = kHost,
                            .trust = kHost,
                            .credential = {.offered = false},
                            .facts = facts_of("valid")};
    EXPECT_EQ(expect(question).endings, std::vector{unavailable});
    EXPECT_EQ(expect(question).reason,
              "inside TLS the server offers no mechanism that may be used");
  }
}

TEST(Mechanism, ExternalMayBeOneThatIsNotOffered) {
  for (const words::Mode mode : kModesWithTls) {
    const Question question{.mode = mode,
                            .host = kHost,
                            .trust = kHost,
                            .credential = {.mechanism = Mechanism::external,
                                           .offered = false,
                                           .certificate_present = true},
                            .facts = facts_of("valid")};
    EXPECT_EQ(expect(question).endings, std::vector{unavailable});
    EXPECT_EQ(expect(question).reason, "inside TLS the server does not offer EXTERNAL");
  }
}

TEST(Mechanism, WhatTheServerRefusesIsNamed) {
  Question question{.host = kHost,
                    .trust = kHost,
                    .credential = {.mechanism = Mechanism::oauthbearer, .accepted = false},
                    .facts = facts_of("valid")};
  EXPECT_EQ(expect(question).reason, "the server refuses this token");
  question.credential.mechanism = Mechanism::xoauth2;
  EXPECT_EQ(expect(question).reason, "the server refuses this token");
  question.credential.mechanism = Mechanism::scram_sha_256;
  EXPECT_EQ(expect(question).reason, "the server refuses this user with this password");
}

}  // namespace
}  // namespace startle::oracle
