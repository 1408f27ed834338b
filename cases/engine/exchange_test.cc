#include "cases/engine/exchange.h"

#include <gtest/gtest.h>

#include <set>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/selection.h"
#include "harness/base/error.h"

namespace startle::cases {
namespace {

using words::TrustModel;

const Fill kFill{.host = "Mail.example.test", .secret = "canary01"};

struct FilledRow {
  const char* name;
  std::string text;
  std::string filled;
};

void PrintTo(const FilledRow& row, std::ostream* out) {
  *out << row.name;
}

class FilledTest : public testing::TestWithParam<FilledRow> {};

TEST_P(FilledTest, Is) {
  EXPECT_EQ(fill_in_exchange(GetParam().text, kFill), GetParam().filled);
}

const FilledRow kFilled[] = {
    {"Nothing", "", ""},
    {"PlainText", "250 Ok", "250 Ok"},
    {"Host", "250-{host}", "250-Mail.example.test"},
    {"HostInUpperCase", "{HOST}", "MAIL.EXAMPLE.TEST"},
    {"User", "{user}", "scheduler"},
    {"Secret", "<{secret}>", "<canary01>"},
    {"SecretCutShort", "{secret:3}", "can"},
    {"SecretRepeated", "{secret:11}", "canary01can"},
    {"LineEnd", "a{crlf}b", "a\r\nb"},
    {"Bytes", "{hex:00ff7b}", std::string("\0\xff{", 3)},
    {"TwoInARow", "{host}{user}", "Mail.example.testscheduler"},
    {"ClosingBraceStandsForItself", "}", "}"},
};
INSTANTIATE_TEST_SUITE_P(Exchange, FilledTest, testing::ValuesIn(kFilled),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Exchange, LiteralTextStandsForItself) {
  for (const std::string text : {"", "{", "}", "{host}", "{{}}", "a{hex:7b}b", "pass{word"}) {
    EXPECT_EQ(fill_in_exchange(literally(text), kFill), text);
  }
}

TEST(Exchange, ALongSecretIsExactlyAsLongAsAsked) {
  for (const std::size_t size : {1U, 7U, 8U, 9U, 4096U, 65536U}) {
    const auto filled = fill_in_exchange("{secret:" + std::to_string(size) + "}", kFill);
    EXPECT_EQ(filled.size(), size);
    EXPECT_EQ(filled.substr(0, 1), "c");
  }
  EXPECT_THROW(fill_in_exchange("{secret:65537}", kFill), Error);
}

// ---- canaries ----------------------------------------------------------------------------------

Exchange made(const std::string& id, std::uint64_t seed, const Setup& setup = {}) {
  return make_exchange(setup, id, "smtp.example.test", {.trust = TrustModel::documented}, seed);
}

TEST(Exchange, TheCanaryIsTheSameForTheSameIdAndSeed) {
  EXPECT_EQ(made("a", 1).secret, made("a", 1).secret);
  EXPECT_NE(made("a", 1).secret, made("a", 2).secret);
  EXPECT_NE(made("a", 1).secret, made("b", 1).secret);
  EXPECT_EQ(made("a", 1).secret.size(), 22U);
  EXPECT_TRUE(made("a", 1).secret.starts_with("canary"));
}

// Those of SCRAM have one in common.
TEST(Exchange, EveryOtherCellOfTheMatrixHasItsOwnCanary) {
  const Matrix& matrix = trust_matrix();
  std::set<std::string> canaries;
  std::size_t without = 0;
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    if (!matrix.has_cell(i)) continue;
    const Exchange exchange = make_exchange(matrix.cell(i), matrix.cell_id(i), "smtp.example.test",
                                            {.trust = TrustModel::documented}, 1);
    if (exchange.secret.empty()) {
      ++without;
    } else {
      canaries.insert(exchange.secret);
    }
  }
  // empty-password, no-password and three of EXTERNAL; LDAP has anonymous too
  EXPECT_EQ(without, (2 * 5U + 2 * 6U) * 18 * 26);
  EXPECT_EQ(canaries.size(), 4 * 11U * 18 * 26 + 1);
}

TEST(Exchange, TheTrustModelDoesNotChangeTheCanary) {
  const cases::Setup setup;
  EXPECT_EQ(make_exchange(setup, "a", "h.test", {.trust = TrustModel::documented}, 1).secret,
            make_exchange(setup, "a", "h.test", {.trust = TrustModel::pkix}, 1).secret);
}

// ---- what both ends are told -------------------------------------------------------------------

TEST(Exchange, TheServerKnowsTheUserTheClientIsToldToBe) {
  const Exchange exchange = made("a", 1);
  ASSERT_EQ(exchange.users.size(), 1U);
  EXPECT_EQ(exchange.username, "scheduler");
  EXPECT_EQ(exchange.users[0].name, "scheduler");
  EXPECT_EQ(exchange.users[0].password, exchange.secret);
  EXPECT_EQ(exchange.password, exchange.secret);
  EXPECT_EQ(exchange.users[0].senders, std::vector<std::string>{"sender@example.test"});
}

TEST(Exchange, TheServersPasswordIsNeverEmpty) {
  for (const std::optional<std::string>& password :
       {std::optional<std::string>(""), std::optional<std::string>()}) {
    const Exchange exchange = made("a", 1, {.password = password});
    EXPECT_EQ(exchange.secret, "");
    EXPECT_TRUE(exchange.users[0].password.starts_with("canary"));
  }
}

TEST(Exchange, ThePlainModesTakeEverythingInClear) {
  EXPECT_TRUE(made("a", 1, {.mode = words::Mode::smtp_plain}).script.accepts_in_clear);
  EXPECT_TRUE(made("a", 1, {.mode = words::Mode::ldap_plain}).script.accepts_in_clear);
  EXPECT_FALSE(made("a", 1, {.mode = words::Mode::ldaps}).script.accepts_in_clear);
  EXPECT_FALSE(made("a", 1).script.accepts_in_clear);
}

TEST(Exchange, FillsInWhatTheServerSays) {
  const Exchange exchange =
      made("smtp/starttls/not-offered", 1, single_case("smtp/starttls/not-offered").setup);
  const fake::Deviation* at = exchange.script.at(fake::Point::ehlo);
  ASSERT_NE(at, nullptr);
  EXPECT_EQ(std::get<fake::Send>(at->steps.at(0)).bytes,
            "250-smtp.example.test\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN\r\n");
}

// ---- names of LDAP -----------------------------------------------------------------------------

struct NameRow {
  const char* name;
  std::string user;
  std::string dn;
};

void PrintTo(const NameRow& row, std::ostream* out) {
  *out << row.name;
}

class UserDnTest : public testing::TestWithParam<NameRow> {};

TEST_P(UserDnTest, IsTheNameOfAnEntryBelowPeople) {
  EXPECT_EQ(user_dn(GetParam().user, "dc=example,dc=test", fake::Persona::openldap), GetParam().dn);
}

// RFC 4514, 2.4
const NameRow kNames[] = {
    {"Plain", "scheduler", "uid=scheduler,ou=people,dc=example,dc=test"},
    {"None", "", ""},
    {"ADn", "cn=x,dc=other", "cn=x,dc=other"},
    {"NameAndDomain", "o'brien+smtp@example.test",
     "uid=o'brien\\+smtp@example.test,ou=people,dc=example,dc=test"},
    {"DomainAndName", "CORP\\svc", "uid=CORP\\\\svc,ou=people,dc=example,dc=test"},
    {"Commas", "Brown, Anna", "uid=Brown\\,\\ Anna,ou=people,dc=example,dc=test"},
    {"Quotes", "a\"b", "uid=a\\\"b,ou=people,dc=example,dc=test"},
    {"AngleBrackets", "<a>;", "uid=\\<a\\>\\;,ou=people,dc=example,dc=test"},
    {"SpaceInFront", " a", "uid=\\ a,ou=people,dc=example,dc=test"},
    {"SpaceBehind", "a ", "uid=a\\ ,ou=people,dc=example,dc=test"},
    {"NumberSignInFront", "#1", "uid=\\#1,ou=people,dc=example,dc=test"},
    {"Utf8", "schedüler", "uid=schedüler,ou=people,dc=example,dc=test"},
};
INSTANTIATE_TEST_SUITE_P(Exchange, UserDnTest, testing::ValuesIn(kNames),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Exchange, ActiveDirectoryTakesUserAtDomainAndDomainUser) {
  for (const char* name : {"svc@example.test", "CORP\\svc", "cn=svc,dc=test"}) {
    EXPECT_EQ(user_dn(name, "", fake::Persona::active_directory), name);
  }
  EXPECT_EQ(user_dn("svc", "dc=test", fake::Persona::active_directory),
            "uid=svc,ou=people,dc=test");
}

TEST(Exchange, WithoutABaseTheUserStandsBelowTheUsualOne) {
  EXPECT_EQ(user_dn("scheduler", "", fake::Persona::openldap),
            "uid=scheduler,ou=people,dc=example,dc=test");
}

TEST(Exchange, BothEndsOfLdapKnowTheUserByHisDn) {
  const Exchange exchange =
      made("a", 1, {.mode = words::Mode::ldaps, .base = "dc=other", .server_username = "b,c"});
  EXPECT_EQ(exchange.username, "uid=scheduler,ou=people,dc=other");
  EXPECT_EQ(exchange.users.at(0).name, "uid=b\\,c,ou=people,dc=other");
  EXPECT_EQ(made("a", 1, {.mode = words::Mode::smtps}).username, "scheduler");
}

TEST(Exchange, TheClientsCertificateIsIssuedToTheUser) {
  using certs::ClientCertificate;
  for (const words::Mode mode : {words::Mode::smtps, words::Mode::ldaps}) {
    cases::Setup setup{.mode = mode,
                       .username = std::nullopt,
                       .password = std::nullopt,
                       .mechanism = "EXTERNAL",
                       .client_certificate = ClientCertificate::valid};
    EXPECT_EQ(made("a", 1, setup).client_name, "scheduler");
    EXPECT_TRUE(credential_facts(made("a", 1, setup)).accepted);
    setup.username = mode == words::Mode::ldaps ? "cn=reader,dc=x" : "reader";
    EXPECT_EQ(made("a", 1, setup).client_name, "reader");
    EXPECT_TRUE(credential_facts(made("a", 1, setup)).accepted);
    setup.server_username = "somebody.else";
    EXPECT_FALSE(credential_facts(made("a", 1, setup)).accepted);
  }
}

TEST(Exchange, AnEmptyNameIsNoneInLdapAlone) {
  for (const auto& [mode, is_one] : {std::pair{words::Mode::ldap_starttls, false},
                                     {words::Mode::ldaps, false},
                                     {words::Mode::smtps, true}}) {
    const auto facts = credential_facts(made("a", 1, {.mode = mode, .username = ""}));
    EXPECT_EQ(facts.username_present, is_one) << word(mode);
    EXPECT_EQ(facts.username_empty, is_one) << word(mode);
  }
}

TEST(Exchange, ExternalWithoutACertificateHasNothingToShow) {
  const Exchange exchange =
      made("a", 1, {.username = std::nullopt, .password = std::nullopt, .mechanism = "EXTERNAL"});
  const oracle::CredentialFacts facts = credential_facts(exchange);
  EXPECT_EQ(facts.mechanism, sasl::Mechanism::external);
  EXPECT_FALSE(facts.certificate_present || facts.accepted);
}

}  // namespace
}  // namespace startle::cases
