// The SASL mechanism that an element asks for, and what it needs beside it.
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/customer/schedule/refusal_for_test.h"
#include "harness/sasl/mechanism.h"

namespace startle::customer {
namespace {

std::string element(const std::string& kind, const std::string& mechanism,
                    const std::string& rest) {
  const std::string own = kind == "smtp" ? "email='m@x' " : "";
  return "<a>\n<" + kind + " url='a' " + own + "mechanism='" + mechanism + "' " + rest + "/></a>";
}
std::string smtp(const std::string& mechanism, const std::string& rest) {
  return element("smtp", mechanism, rest);
}
std::string ldap(const std::string& mechanism, const std::string& rest) {
  return element("ldap", mechanism, rest);
}

constexpr const char* kUser = "starttls='true' trust='a' username='alice' password='secret'";
constexpr const char* kCertificate = "starttls='true' trust='a' certificate='me.pem'";

TEST(Mechanism, EachOfThemIsTakenInAnyLetterCase) {
  for (const std::string_view word : sasl::kMechanisms) {
    const auto mechanism = from_word<sasl::Mechanism>(word);
    const bool external = mechanism == sasl::Mechanism::external;
    const std::string lower = ascii_lower(word);
    const std::string mixed = std::string(word.substr(0, 2)) + lower.substr(2);
    for (const std::string& given : {std::string(word), lower, mixed}) {
      const std::string rest = external ? kCertificate : kUser;
      EXPECT_EQ(only_entry(smtp(given, rest)).mechanism, word);
      if (!sasl::is_for_mail_alone(*mechanism)) {
        EXPECT_EQ(only_entry(ldap(given, rest)).mechanism, word);
      }
    }
  }
}

TEST(Mechanism, MayBeLeftToTheServer) {
  EXPECT_EQ(only_entry("<smtp url='a' email='m@x'/>").mechanism, std::nullopt);
  EXPECT_EQ(only_entry("<ldap url='a'/>").mechanism, std::nullopt);
}

// A uid, not a DN: what the server makes of it is the server's business (RFC 4513, 5.2.1.8).
TEST(Mechanism, MakesOfAnLdapUsernameASaslName) {
  for (const std::string name : {"alice", "alice@example.com", "uid=alice,dc=example", "a b"}) {
    const Entry entry = only_entry("<ldap url='a' mechanism='SCRAM-SHA-256' username='" + name +
                                   "' password='p'/>");
    EXPECT_EQ(entry.username, name);
    EXPECT_EQ(entry.password, "p");
  }
}

// Nothing of it is ever used without TLS, as a name and a password are not.
TEST(Mechanism, NeedsNoTls) {
  EXPECT_EQ(only_entry(smtp("plain", "username='u' password='p'")).tls, Tls::none);
}

TEST(Mechanism, APasswordMechanismMayShowACertificateToo) {
  const Entry entry =
      only_entry(smtp("SCRAM-SHA-256", std::string(kUser) + " certificate='me.pem'"));
  EXPECT_EQ(entry.certificate, "me.pem");
  EXPECT_EQ(entry.password, "secret");
}

class MechanismRefusalTest : public testing::TestWithParam<Refused> {};

TEST_P(MechanismRefusalTest, IsRefusedWithFileAndLine) {
  expect_refused(GetParam());
}

const std::string kOfMail =
    "known are SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-1, EXTERNAL, "
    "CRAM-MD5, PLAIN, LOGIN, OAUTHBEARER, XOAUTH2";
const std::string kOfDirectories =
    "known are SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-1, EXTERNAL, "
    "CRAM-MD5, PLAIN, OAUTHBEARER";

const Refused kNames[] = {
    {"Misspelt", smtp("SCRAM-SHA256", kUser),
     "2: mechanism=\"SCRAM-SHA256\" is no mechanism: did you mean `SCRAM-SHA-256`?"},
    {"MisspeltInLowerCase", ldap("scram-sha256-plus", kUser),
     "2: mechanism=\"scram-sha256-plus\" is no mechanism: did you mean `SCRAM-SHA-256-PLUS`?"},
    {"Unknown", smtp("GSSAPI", kUser), "2: mechanism=\"GSSAPI\" is no mechanism: " + kOfMail},
    {"UnknownToDirectories", ldap("GSSAPI", kUser),
     "2: mechanism=\"GSSAPI\" is no mechanism: " + kOfDirectories},
    {"Empty", smtp("", kUser), "2: mechanism=\"\" is no mechanism: " + kOfMail},
    {"Two", smtp("PLAIN LOGIN", kUser), "2: mechanism=\"PLAIN LOGIN\" is no mechanism: " + kOfMail},
    {"LoginInADirectory", ldap("login", kUser),
     "2: mechanism=\"login\" is for mail servers: write PLAIN, which every directory server with "
     "LOGIN has too"},
    {"Xoauth2InADirectory", ldap("XOAUTH2", kUser),
     "2: mechanism=\"XOAUTH2\" is for mail servers: write OAUTHBEARER, which takes the same token"},
};
INSTANTIATE_TEST_SUITE_P(Names, MechanismRefusalTest, testing::ValuesIn(kNames),
                         [](const auto& row) { return std::string(row.param.name); });

const Refused kNeeds[] = {
    {"SmtpWithoutUser", smtp("PLAIN", "starttls='true' trust='a'"),
     "2: mechanism=\"PLAIN\" needs username=\"...\" and password=\"...\" too"},
    {"PlainSmtpWithoutUser", smtp("cram-md5", ""),
     "2: mechanism=\"CRAM-MD5\" needs username=\"...\" and password=\"...\" too"},
    {"LdapWithoutUser", ldap("SCRAM-SHA-1", "starttls='true' trust='a'"),
     "2: mechanism=\"SCRAM-SHA-1\" needs username=\"...\" and password=\"...\" too"},
    {"LdapWithoutPassword", ldap("PLAIN", "username='u' pasword='secret'"),
     "2: mechanism=\"PLAIN\" needs password=\"...\" (`pasword` is not known) too"},
};
INSTANTIATE_TEST_SUITE_P(Needs, MechanismRefusalTest, testing::ValuesIn(kNeeds),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::customer
