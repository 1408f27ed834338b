// README.md, "Mechanism": a SASL mechanism that is configured.

#include <gtest/gtest.h>

#include <string>

#include "harness/policy/oracle.h"
#include "harness/policy/test_facts.h"

namespace startle::policy {
namespace {

using sasl::Mechanism;

constexpr Ending conf = Ending::configuration_error;
constexpr Ending rejected = Ending::auth_rejected;
constexpr Ending unavailable = Ending::auth_unavailable;

const TrustModel kModels[] = {TrustModel::documented, TrustModel::pkix, TrustModel::javamail,
                              TrustModel::angus};
const Mode kModesWithTls[] = {Mode::smtp_starttls, Mode::smtps, Mode::ldap_starttls, Mode::ldaps};

bool is_java(TrustModel model) {
  return model == TrustModel::javamail || model == TrustModel::angus;
}

bool is_ldap(Mode mode) {
  return protocol_of(mode) == Protocol::ldap;
}

struct MechanismRow {
  const char* id;
  CredentialFacts credential;  // without its mechanism
  Ending smtp;                 // documented and pkix
  Ending as_java;              // SMTP, javamail and angus
  Ending ldap;                 // every model
  std::string reason;          // of documented in SMTP; NAME is the mechanism's
};

// `delivered` stands for `bound` in LDAP.
const MechanismRow kRows[] = {
    {"right", {}, Ending::delivered, Ending::delivered, Ending::bound, ""},
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
     Ending::sender_not_authorized,
     Ending::sender_not_authorized,
     Ending::bound,
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
    for (const Mode mode : kModesWithTls) {
      for (const TrustModel model : kModels) {
        SCOPED_TRACE(std::string(name) + " " + std::string(word(mode)) + " " +
                     std::string(word(model)));
        Question question{.model = model, .mode = mode, .host = kHost, .credential = credential};
        if (!is_java(model)) question.trust = kHost;
        question.facts = facts_of("valid");
        const Ending smtp = is_java(model) ? row.as_java : row.smtp;
        const Ending ending = is_ldap(mode) ? row.ldap : smtp;
        const Answer answer = expect(question);
        EXPECT_EQ(answer.endings, std::vector{ending}) << answer.reason;
        if (!row.reason.empty() && ending == row.smtp) {
          EXPECT_EQ(answer.reason, with_name(row.reason, mechanism));
        }
        question.facts = facts_of("expired");
        EXPECT_EQ(expect(question).endings,
                  std::vector{ending == conf ? conf : Ending::certificate_expired});
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, OfAMechanism, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.id); });

TEST(Mechanism, WithoutTlsNoneIsEverUsed) {
  for (const Mode mode : {Mode::smtp_plain, Mode::ldap_plain}) {
    for (const Mechanism mechanism :
         {Mechanism::scram_sha_256, Mechanism::cram_md5, Mechanism::plain}) {
      for (const TrustModel model : kModels) {
        Question question{.model = model,
                          .mode = mode,
                          .host = kHost,
                          .credential = {.mechanism = mechanism},
                          .facts = facts_of("valid")};
        EXPECT_EQ(expect(question).endings, std::vector{unavailable});
        question.credential.username_present = false;
        // Nobody is to be authenticated: in SMTP that is no mistake without TLS.
        EXPECT_EQ(expect(question).endings,
                  std::vector{is_ldap(mode) ? conf : Ending::delivered_in_clear});
      }
    }
  }
}

TEST(Mechanism, ThatIsNotConfiguredMayNotBeToBeHad) {
  for (const Mode mode : {Mode::smtp_starttls, Mode::smtps}) {
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
  for (const Mode mode : kModesWithTls) {
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
}  // namespace startle::policy
