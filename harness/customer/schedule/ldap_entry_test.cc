// What is an <ldap> element's own: names to bind with, base and filter.
#include <gtest/gtest.h>

#include "harness/customer/schedule/refusal_for_test.h"

namespace startle::customer {
namespace {

TEST(LdapEntry, HasEverythingThatIsWritten) {
  const Entry entry = only_entry(
      "\n<ldap url='ldap.example.com' port='1389' starttls='true' "
      "username='uid=alice,ou=people,dc=example,dc=com' password=' p ' trust=' a b' "
      "base='dc=example,dc=com' filter='(&amp;(objectClass=person)(uid=a*))'/>");
  EXPECT_EQ(entry.file, "s.xml");
  EXPECT_EQ(entry.line, 2);
  EXPECT_EQ(entry.protocol, Protocol::ldap);
  EXPECT_EQ(entry.tls, Tls::starttls);
  EXPECT_EQ(entry.host, "ldap.example.com");
  EXPECT_EQ(entry.port, 1389);
  EXPECT_EQ(entry.username, "uid=alice,ou=people,dc=example,dc=com");
  EXPECT_EQ(entry.password, " p ");
  EXPECT_EQ(entry.trust, " a b");
  EXPECT_EQ(entry.base, "dc=example,dc=com");
  EXPECT_EQ(entry.filter, "(&(objectClass=person)(uid=a*))");
  EXPECT_EQ(entry.email, "");
}

TEST(LdapEntry, WithoutNameAndPasswordTheBindIsAnonymous) {
  const Entry entry = only_entry("<ldap url='a' ssl='true' trust='a' base=''/>");
  EXPECT_EQ(entry.username, std::nullopt);
  EXPECT_EQ(entry.password, std::nullopt);
  EXPECT_EQ(entry.base, "");
  EXPECT_EQ(entry.filter, "(objectClass=*)");
}

TEST(LdapEntry, NeedsNoTrustWithoutTls) {
  EXPECT_EQ(only_entry("<ldap url='a'/>").trust, std::nullopt);
}

TEST(LdapEntry, TakesTheNamesThatServersTake) {
  for (const std::string name : {"cn=admin", "alice@example.com", "EXAMPLE\\alice"}) {
    EXPECT_EQ(only_entry("<ldap url='a' username='" + name + "' password='p'/>").username, name);
  }
}

TEST(LdapEntry, StandsBesideSmtpInTheOrderOfTheFile) {
  const Schedule schedule = parse_schedule("s.xml", R"(<allegra>
  <directory><ldap url="a"/></directory>
  <smtp url="b" email="m@x"><ldap url="c"/></smtp><ldap url="d"/>
  <x:ldap xmlns:x="urn:x" url="e"/>
</allegra>)");
  std::string order;
  for (const Entry& entry : schedule.entries) {
    order += entry.host + std::string(word(entry.protocol)) + std::to_string(entry.line) + " ";
  }
  EXPECT_EQ(order, "aldap2 bsmtp3 cldap3 dldap3 eldap4 ");
}

TEST(LdapEntry, AloneIsEnough) {
  EXPECT_EQ(only_entry("<ldap url='a'/>").protocol, Protocol::ldap);
}

TEST(LdapEntry, AnAttributeItDoesNotKnowIsAWarning) {
  const Schedule schedule =
      parse_schedule("s.xml", "<a>\n<ldap url='a' email='m@x'/>\n<ldap url='a' fliter='x'/></a>");
  ASSERT_EQ(schedule.warnings().size(), 2U);
  EXPECT_EQ(schedule.warnings()[0],
            "s.xml:2: unknown attribute `email` is ignored: known are url, port, starttls, ssl, "
            "username, password, trust, base, filter, mechanism, certificate, "
            "certificate-password");
  EXPECT_EQ(schedule.warnings()[1],
            "s.xml:3: unknown attribute `fliter` is ignored: did you mean `filter`?");
}

class LdapRefusalTest : public testing::TestWithParam<Refused> {};

TEST_P(LdapRefusalTest, IsRefusedWithFileAndLine) {
  expect_refused(GetParam());
}

class LdapWarningTest : public testing::TestWithParam<Refused> {};

TEST_P(LdapWarningTest, IsReadWithAWarning) {
  expect_warned(GetParam());
}

const std::string kNoTrust =
    ": the product's page requires it (model documented); Java then goes by its own trust store";

// Each row differs from a sound element in what its name says.
std::string ldap_with(std::string_view attributes) {
  return "<a>\n<ldap url='a' " + std::string(attributes) + "/></a>";
}

const std::string kNotADn =
    "2: username is not a DN: write a DN like uid=scheduler,ou=people,dc=example,dc=com (Active "
    "Directory also takes user@example.com and EXAMPLE\\user)";

const Refused kElements[] = {
    {"NoUrl", "<ldap/>", "1: <ldap> needs url=\"...\", the host name of the directory server"},
    {"UrlMisspelt", "<ldap uri='a'/>",
     "1: <ldap> needs url=\"...\", the host name of the directory server (`uri` is not known)"},
    {"UrlEmpty", "<ldap url=' '/>", "1: url is empty: write the host name of the directory server"},
    {"PortZero", ldap_with("port='0'"), "2: port=\"0\" is not a number from 1 to 65535"},
};
INSTANTIATE_TEST_SUITE_P(Elements, LdapRefusalTest, testing::ValuesIn(kElements),
                         [](const auto& row) { return std::string(row.param.name); });

// What Java reads is no refusal, however odd it is.
const Refused kDoubtfulCredentials[] = {
    {"StarttlsNoTrust", ldap_with("starttls='true'"), "2: trust is absent" + kNoTrust},
    {"TrustMisspelt", ldap_with("starttls='true' truts='a'"),
     "2: trust is absent (`truts` is not known)" + kNoTrust},
    {"SslEmptyTrust", ldap_with("ssl='true' trust=' '"),
     "2: trust is empty: it lists no host: write a host name, several separated by spaces, or *"},
    {"LdapsNoTrust", "<ldap url='ldaps://a'/>", "1: trust is absent" + kNoTrust},
    {"NoPassword", ldap_with("username='cn=u'"),
     "2: username=\"...\" needs password=\"...\" too: an anonymous bind has neither"},
    {"PasswordMisspelt", ldap_with("username='cn=u' pasword='secret'"),
     "2: username=\"...\" needs password=\"...\" (`pasword` is not known) too: an anonymous bind "
     "has neither"},
    {"NoUsername", ldap_with("password='secret'"),
     "2: password=\"...\" needs username=\"...\" too: an anonymous bind has neither"},
    {"EmptyUsername", ldap_with("ssl='true' trust='a' username=' ' password='secret'"),
     "2: username is empty: if it was not cut out before the file was handed on, write a DN like "
     "uid=scheduler,ou=people,dc=example,dc=com; the table goes by one that the server takes"},
};
INSTANTIATE_TEST_SUITE_P(Credentials, LdapWarningTest, testing::ValuesIn(kDoubtfulCredentials),
                         [](const auto& row) { return std::string(row.param.name); });

// JNDI has no list of hosts.
TEST(LdapEntry, OfTrustNothingIsSaidThatIsTrueOfMailAlone) {
  for (const char* trust : {"foo.example", "LDAP.example.com", "", "*", "* ", "a,b"}) {
    const Schedule schedule = parse_schedule(
        "s.xml", "<ldap url='ldap.example.com' ssl='true' trust='" + std::string(trust) + "'/>");
    for (const std::string& warning : schedule.warnings()) {
      EXPECT_EQ(warning.find("refuses"), std::string::npos) << warning;
      EXPECT_EQ(warning.find("JavaMail"), std::string::npos) << warning;
    }
  }
}

TEST(LdapEntry, WhatWasCutOutHasSomethingInItsPlace) {
  for (const char* name : {"", " ", "***", "[REDACTED]"}) {
    const Entry entry = only_entry("<ldap url='a' ssl='true' trust='a' username='" +
                                   std::string(name) + "' password=''/>");
    EXPECT_EQ(entry.username, "cn=cut-out") << name;
    EXPECT_EQ(entry.password, "cut-out") << name;
  }
}

const Refused kCredentials[] = {
    {"JustAUser", ldap_with("username='alice' password='secret'"), kNotADn},
    {"HalfADn", ldap_with("username='uid=alice,example' password='secret'"), kNotADn},
};
INSTANTIATE_TEST_SUITE_P(Credentials, LdapRefusalTest, testing::ValuesIn(kCredentials),
                         [](const auto& row) { return std::string(row.param.name); });

const Refused kSearches[] = {
    {"BaseNotADn", ldap_with("base='example.com'"),
     "2: base=\"example.com\" is not a DN: write it like ou=people,dc=example,dc=com"},
    {"BaseOfTwoWords", ldap_with("base='dc=example dc=com,'"),
     "2: base=\"dc=example dc=com,\" is not a DN: write it like ou=people,dc=example,dc=com"},
    {"FilterEmpty", ldap_with("filter=''"), "2: filter is empty: write one like (objectClass=*)"},
    {"FilterWithoutParentheses", ldap_with("filter='uid=alice'"),
     "2: filter=\"uid=alice\" is not a filter (RFC 4515): a filter starts with (, at byte 1"},
    {"FilterNotClosed", ldap_with("filter='(&amp;(uid=alice)'"),
     "2: filter=\"(&(uid=alice)\" is not a filter (RFC 4515): a filter ends with ), at byte 14"},
    {"FilterWithUnescapedBackslash", ldap_with("filter='(uid=EXAMPLE\\alice)'"),
     "2: filter=\"(uid=EXAMPLE\\alice)\" is not a filter (RFC 4515): two hexadecimal digits follow "
     "\\ in a value, at byte 13"},
};
INSTANTIATE_TEST_SUITE_P(Searches, LdapRefusalTest, testing::ValuesIn(kSearches),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::customer
