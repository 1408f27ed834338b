// SASL names, and the credentials of matrix/trust: what both ends are told of each.

#include <gtest/gtest.h>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/exchange.h"
#include "cases/engine/selection.h"

namespace startle::cases {
namespace {

using sasl::Mechanism;

Exchange made(const std::string& id, std::uint64_t seed, const Setup& setup = {}) {
  return make_exchange(setup, id, "smtp.example.test", {.trust = words::TrustModel::documented},
                       seed);
}

// ---- SASL -------------------------------------------------------------------------------------

TEST(Exchange, ASaslNameIsNoDnAndNamesTheEntryOfItsFirstValue) {
  for (const char* name : {"scheduler", "o'brien+smtp@example.test", "a,b", "uid=x,dc=y"}) {
    const Exchange exchange =
        made("a", 1,
             {.mode = words::Mode::ldaps, .username = std::string(name), .mechanism = "CRAM-MD5"});
    EXPECT_EQ(exchange.username, name);
    EXPECT_EQ(exchange.users.at(0).name,
              user_dn(name, "dc=example,dc=test", fake::Persona::openldap));
    const oracle::CredentialFacts facts = credential_facts(exchange);
    EXPECT_EQ(facts.mechanism, Mechanism::cram_md5);
    EXPECT_TRUE(facts.accepted && facts.offered) << name;
  }
}

TEST(Exchange, ASaslNameOfAnotherEntryIsNotAccepted) {
  EXPECT_FALSE(
      credential_facts(
          made("a", 1,
               {.mode = words::Mode::ldaps, .mechanism = "PLAIN", .server_username = "somebody"}))
          .accepted);
}

// 4096 iterations are computed once for all of them.
TEST(Exchange, WhereScramMayBeUsedTheSeedAloneMakesTheCanary) {
  cases::Setup configured{.mechanism = "SCRAM-SHA-256-PLUS"};
  cases::Setup offered;
  offered.script.sasl.mechanisms = "PLAIN SCRAM-SHA-1";
  const std::string secret = made("a", 1, configured).secret;
  EXPECT_EQ(made("b", 1, configured).secret, secret);
  EXPECT_EQ(made("a", 1, offered).secret, secret);
  EXPECT_NE(made("a", 2, configured).secret, secret);
  for (const cases::Setup& other : {cases::Setup{}, cases::Setup{.mechanism = "CRAM-MD5"}}) {
    EXPECT_NE(made("a", 1, other).secret, secret);
    EXPECT_NE(made("a", 1, other).secret, made("b", 1, other).secret);
  }
}

TEST(Exchange, WhatTheScriptListsIsWhatIsOffered) {
  struct Row {
    const char* listed;  // null: nothing stated
    std::optional<std::string> mechanism;
    bool in_smtp;
    bool in_ldap;
  };
  const Row rows[] = {{nullptr, std::nullopt, true, true},
                      {nullptr, "SCRAM-SHA-256", true, true},
                      {"PLAIN", std::nullopt, true, true},
                      {"", std::nullopt, false, true},
                      {"GSSAPI EXTERNAL OAUTHBEARER", std::nullopt, false, true},
                      {"PLAIN SCRAM-SHA-256", "SCRAM-SHA-256", true, true},
                      {"PLAIN SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", false, false},
                      {"", "PLAIN", false, false}};
  for (const Row& row : rows) {
    cases::Setup setup{.mechanism = row.mechanism};
    if (row.listed != nullptr) setup.script.sasl.mechanisms = row.listed;
    SCOPED_TRACE(setup.script.sasl.mechanisms.value_or("-") + " " + row.mechanism.value_or("-"));
    EXPECT_EQ(credential_facts(made("a", 1, setup)).offered, row.in_smtp);
    setup.mode = words::Mode::ldap_starttls;
    EXPECT_EQ(credential_facts(made("a", 1, setup)).offered, row.in_ldap);
  }
}

// ---- the credentials of matrix/trust -----------------------------------------------------------

struct CredentialRow {
  const char* id;
  std::optional<std::string> username;
  const char* password;  // {secret} for the canary; null: absent
  oracle::CredentialFacts facts;
  const char* bind_name = nullptr;  // LDAP, where it needs an escape
};

void PrintTo(const CredentialRow& row, std::ostream* out) {
  *out << row.id;
}

class CredentialTest : public testing::TestWithParam<CredentialRow> {};

void expect_is(const Exchange& exchange, const CredentialRow& row) {
  SCOPED_TRACE(exchange.id);
  const bool ldap = row_of(words::protocol_of(exchange.mode)).is_directory;
  std::optional<std::string> username = row.username;
  if (ldap && row.bind_name != nullptr) {
    username = row.bind_name;
  } else if (ldap && username && !row.facts.mechanism) {
    username = "uid=" + *username + ",ou=people,dc=example,dc=test";
  }
  EXPECT_EQ(exchange.username, username);
  ASSERT_EQ(exchange.password.has_value(), row.password != nullptr);
  EXPECT_EQ(exchange.secret.empty(), exchange.password.value_or("").empty());
  if (row.password != nullptr) {
    EXPECT_EQ(*exchange.password, fill_in_exchange(row.password, {.secret = exchange.secret}));
  }
  const auto& mechanism = row.facts.mechanism;
  EXPECT_EQ(exchange.mechanism.value_or(""), mechanism ? word(*mechanism) : "");
  EXPECT_EQ(exchange.client_name, row.username.value_or("scheduler"));
  const oracle::CredentialFacts facts = credential_facts(exchange);
  EXPECT_EQ(facts.username_present, row.facts.username_present);
  EXPECT_EQ(facts.password_present, row.facts.password_present);
  EXPECT_EQ(facts.password_empty, row.facts.password_empty);
  EXPECT_EQ(facts.mechanism, mechanism);
  EXPECT_TRUE(facts.offered);
  EXPECT_EQ(facts.certificate_present, row.facts.certificate_present);
  EXPECT_EQ(facts.accepted, row.facts.accepted);
  EXPECT_EQ(facts.sender_authorized, row.facts.sender_authorized);
}

TEST_P(CredentialTest, IsWhatItsNameSays) {
  const std::string id = GetParam().id;
  Selection selection(
      {.matrices = {trust_matrix()}, .globs = {"*/trust=host/certificate=valid/credential=" + id}});
  std::size_t modes = 0;
  for (; const auto exchange = selection.next(); ++modes) expect_is(*exchange, GetParam());
  const bool of_one_protocol =
      id == "sender-not-authorized" || id == "anonymous" || id == "sasl-plain";
  EXPECT_EQ(modes, of_one_protocol ? 2U : 4U);
}

// Neither name nor password, but a certificate.
oracle::CredentialFacts external(bool accepted) {
  return {.username_present = false,
          .password_present = false,
          .mechanism = Mechanism::external,
          .certificate_present = true,
          .accepted = accepted};
}

const CredentialRow kCredentials[] = {
    {"valid", "scheduler", "{secret}", {}},
    {"wrong-password", "scheduler", "{secret}", {.accepted = false}},
    {"unknown-user", "nobody", "{secret}", {.accepted = false}},
    {"empty-password", "scheduler", "", {.password_empty = true, .accepted = false}},
    {"no-username", std::nullopt, "{secret}", {.username_present = false, .accepted = false}},
    {"no-password", "scheduler", nullptr, {.password_present = false, .accepted = false}},
    {"sender-not-authorized", "scheduler", "{secret}", {.sender_authorized = false}},
    {"utf8", "schedüler", "pässwört ✓ {secret}", {}},
    {"special-characters",
     "o'brien+smtp@example.test",
     "\"'\\ <>&%s$(id)`;|{hex:7b}} {secret}",
     {},
     "uid=o'brien\\+smtp@example.test,ou=people,dc=example,dc=test"},
    {"long", "scheduler", "{secret:4096}", {}},
    {"anonymous",
     std::nullopt,
     nullptr,
     {.username_present = false, .password_present = false, .accepted = false}},
    {"external", std::nullopt, nullptr, external(true)},
    {"external-wrong-ca", std::nullopt, nullptr, external(false)},
    {"external-expired", std::nullopt, nullptr, external(false)},
    {"cram-md5", "scheduler", "{secret}", {.mechanism = Mechanism::cram_md5}},
    {"scram-sha-256", "scheduler", "{secret}", {.mechanism = Mechanism::scram_sha_256}},
    {"scram-sha-256-plus", "scheduler", "{secret}", {.mechanism = Mechanism::scram_sha_256_plus}},
    {"scram-wrong-password",
     "scheduler",
     "{secret}",
     {.mechanism = Mechanism::scram_sha_256, .accepted = false}},
    {"sasl-plain", "scheduler", "{secret}", {.mechanism = Mechanism::plain}},
    {"oauthbearer", "scheduler", "{secret}", {.mechanism = Mechanism::oauthbearer}},
    {"wrong-token",
     "scheduler",
     "{secret}",
     {.mechanism = Mechanism::oauthbearer, .accepted = false}},
};
INSTANTIATE_TEST_SUITE_P(All, CredentialTest, testing::ValuesIn(kCredentials), [](const auto& row) {
  std::string name = row.param.id;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

TEST(Exchange, EveryCredentialOfTheMatrixHasItsRow) {
  std::vector<std::string> rows;
  for (const CredentialRow& row : kCredentials) rows.emplace_back(row.id);
  std::vector<std::string> values;
  for (const Change& value : trust_matrix().axes.at(3).values) values.push_back(value.id);
  EXPECT_EQ(rows, values);
}

TEST(Exchange, TheLongPasswordHasFourKibibytes) {
  Selection selection({.matrices = {trust_matrix()},
                       .globs = {"*/mode=ldaps/trust=host/certificate=valid/credential=long"}});
  const auto exchange = selection.next();
  ASSERT_TRUE(exchange && exchange->password);
  EXPECT_EQ(exchange->password->size(), 4096U);
  EXPECT_EQ(exchange->users[0].password, *exchange->password);
}

}  // namespace
}  // namespace startle::cases
