// How an element asks for TLS: starttls, ssl, and the scheme of its URL; the port that follows;
// client certificates.
#include <gtest/gtest.h>

#include "harness/customer/schedule/refusal_for_test.h"

namespace startle::customer {
namespace {

using namespace std::string_literals;

struct Read {
  const char* name;
  const char* element;
  Protocol protocol;
  Tls tls;
  const char* host;
  int port;
};

void PrintTo(const Read& row, std::ostream* out) {
  *out << row.name;
}

class ServerTest : public testing::TestWithParam<Read> {};

TEST_P(ServerTest, IsReadFromUrlPortStarttlsAndSsl) {
  const Read& row = GetParam();
  const bool smtp = row.protocol == Protocol::smtp;
  const Entry entry =
      only_entry("<" + std::string(smtp ? "smtp email='m@x'" : "ldap") + " trust='a' username='" +
                 (smtp ? "u" : "cn=u") + "' password='p' " + row.element + "/>");
  EXPECT_EQ(entry.protocol, row.protocol);
  EXPECT_EQ(entry.tls, row.tls);
  EXPECT_EQ(entry.host, row.host);
  EXPECT_EQ(entry.port, row.port);
}

using enum Protocol;
const Read kServers[] = {
    {"SmtpPlain", "url='a'", smtp, Tls::none, "a", 25},
    {"SmtpStarttls", "url='a' starttls='true'", smtp, Tls::starttls, "a", 25},
    {"SmtpSsl", "url='a' ssl='true'", smtp, Tls::implicit, "a", 465},
    {"SmtpSslFalse", "url='a' ssl='false' starttls='false'", smtp, Tls::none, "a", 25},
    {"SmtpStarttlsNotSsl", "url='a' ssl='false' starttls='true'", smtp, Tls::starttls, "a", 25},
    {"SmtpSslNotStarttls", "url='a' ssl='true' starttls='false'", smtp, Tls::implicit, "a", 465},
    {"SmtpSslOtherPort", "url='a' ssl='true' port='25'", smtp, Tls::implicit, "a", 25},
    {"SmtpUrl", "url='smtp://a'", smtp, Tls::none, "a", 25},
    {"SmtpUrlSslFalse", "url='smtp://a' ssl='false'", smtp, Tls::none, "a", 25},
    {"SmtpUrlPort", "url='smtp://a:587'", smtp, Tls::none, "a", 587},
    {"SmtpUrlStarttls", "url='smtp://a' starttls='true'", smtp, Tls::starttls, "a", 25},
    {"SmtpUrlSlash", "url='smtp://a/'", smtp, Tls::none, "a", 25},
    {"SmtpsUrl", "url='smtps://a'", smtp, Tls::implicit, "a", 465},
    {"SmtpsUrlSaidTwice", "url='smtps://a' ssl='true'", smtp, Tls::implicit, "a", 465},
    {"SmtpsUrlNotStarttls", "url='smtps://a' starttls='false'", smtp, Tls::implicit, "a", 465},
    {"SmtpsUrlPort", "url='smtps://a:25'", smtp, Tls::implicit, "a", 25},
    {"PortSaidTwice", "url='smtp://a:26' port='26'", smtp, Tls::none, "a", 26},
    {"PortBesideTheUrl", "url='smtp://a' port='26'", smtp, Tls::none, "a", 26},
    {"UpperCaseScheme", "url='SMTPS://Mail.Example'", smtp, Tls::implicit, "Mail.Example", 465},
    {"PlainIpv6", "url='2001:db8::1'", smtp, Tls::none, "2001:db8::1", 25},
    {"UrlIpv6", "url='smtp://[2001:db8::1]'", smtp, Tls::none, "2001:db8::1", 25},
    {"UrlIpv6Port", "url='smtps://[::1]:26/'", smtp, Tls::implicit, "::1", 26},
    {"UrlIpv4", "url='ldap://127.0.0.1:3389'", ldap, Tls::none, "127.0.0.1", 3389},
    {"LdapPlain", "url='a'", ldap, Tls::none, "a", 389},
    {"LdapStarttls", "url='a' starttls='true'", ldap, Tls::starttls, "a", 389},
    {"LdapSsl", "url='a' ssl='true'", ldap, Tls::implicit, "a", 636},
    {"LdapUrl", "url='ldap://a'", ldap, Tls::none, "a", 389},
    {"LdapUrlSlash", "url='ldap://a:390/'", ldap, Tls::none, "a", 390},
    {"LdapUrlStarttls", "url='ldap://a' starttls='true'", ldap, Tls::starttls, "a", 389},
    {"LdapsUrl", "url='ldaps://a'", ldap, Tls::implicit, "a", 636},
    {"LdapsUrlPort", "url='ldaps://a:3269'", ldap, Tls::implicit, "a", 3269},
    {"GlobalCatalog", "url='a' ssl='true' port='3269'", ldap, Tls::implicit, "a", 3269},
};
INSTANTIATE_TEST_SUITE_P(Servers, ServerTest, testing::ValuesIn(kServers),
                         [](const auto& row) { return std::string(row.param.name); });

class TlsRefusalTest : public testing::TestWithParam<Refused> {};

TEST_P(TlsRefusalTest, IsRefusedWithFileAndLine) {
  expect_refused(GetParam());
}

// Each row differs from a sound element in what its name says.
std::string smtp_with(std::string_view url, std::string_view rest = "") {
  const char* needs = rest.empty() ? "" : "username='u' password='secret' trust='a' ";
  return "<a>\n<smtp url='" + std::string(url) + "' email='m@x' " + needs + std::string(rest) +
         "/></a>";
}
std::string ldap_with(std::string_view url, std::string_view rest = "") {
  return "<a>\n<ldap url='" + std::string(url) + "' " + (rest.empty() ? "" : "trust='a' ") +
         std::string(rest) + "/></a>";
}

const Refused kUrls[] = {
    {"UnknownScheme", smtp_with("http://a"),
     "2: url=\"http://a\" is not for <smtp>: write the host name alone, or smtp:// or smtps:// "
     "before it"},
    {"UnknownSchemeForLdap", ldap_with("ldapi://a"),
     "2: url=\"ldapi://a\" is not for <ldap>: write the host name alone, or ldap:// or ldaps:// "
     "before it"},
    {"NoScheme", smtp_with("://a"),
     "2: url=\"://a\" is not for <smtp>: write the host name alone, or smtp:// or smtps:// before "
     "it"},
    {"LdapInSmtp", smtp_with("ldap://a"),
     "2: url=\"ldap://a\" belongs into <ldap>: <smtp> takes smtp:// and smtps://"},
    {"LdapsInSmtp", smtp_with("LDAPS://a"),
     "2: url=\"LDAPS://a\" belongs into <ldap>: <smtp> takes smtp:// and smtps://"},
    {"SmtpsInLdap", ldap_with("smtps://a"),
     "2: url=\"smtps://a\" belongs into <smtp>: <ldap> takes ldap:// and ldaps://"},
    {"NoHost", smtp_with("smtp://"), "2: url=\"smtp://\" has no host name in it"},
    {"NoHostButPort", ldap_with("ldap://:389"), "2: url=\"ldap://:389\" has no host name in it"},
    {"NoHostButSlash", ldap_with("ldap:///"), "2: url=\"ldap:///\" has no host name in it"},
    {"GiantHost", smtp_with("smtp://" + std::string(1000, 'a')),
     "2: url=\"smtp://" + std::string(50, 'a') + "...\" is too long for a host name"},
    {"WhiteSpace", smtp_with("smtp://a b"),
     "2: url=\"smtp://a b\" has white space in it: write one host name"},
    {"EmptyPort", smtp_with("smtp://a:"),
     "2: url=\"smtp://a:\": what stands behind the host is not a port, a number from 1 to 65535"},
    {"PortZero", smtp_with("smtp://a:0"),
     "2: url=\"smtp://a:0\": what stands behind the host is not a port, a number from 1 to 65535"},
    {"PortTooHigh", smtp_with("smtp://a:65536"),
     "2: url=\"smtp://a:65536\": what stands behind the host is not a port, a number from 1 to "
     "65535"},
    {"PortByName", ldap_with("ldap://a:ldap"),
     "2: url=\"ldap://a:ldap\": what stands behind the host is not a port, a number from 1 to "
     "65535"},
    {"PortNegative", ldap_with("ldap://a:-1"),
     "2: url=\"ldap://a:-1\": what stands behind the host is not a port, a number from 1 to 65535"},
    {"PortAndMore", ldap_with("ldap://a:389x"),
     "2: url=\"ldap://a:389x\": what stands behind the host is not a port, a number from 1 to "
     "65535"},
    {"TextBehindBrackets", ldap_with("ldap://[::1]389"),
     "2: url=\"ldap://[::1]389\": what stands behind the host is not a port, a number from 1 to "
     "65535"},
    {"TwoPorts", "<a>\n<smtp url='smtp://a:26' email='m@x' port='25'/></a>",
     "2: url=\"smtp://a:26\" and port=\"25\" name two ports: write one of them"},
    {"BareIpv6", ldap_with("ldap://::1"),
     "2: url=\"ldap://::1\": an IPv6 address in a URL stands in brackets, like "
     "ldap://[2001:db8::1]"},
    {"BracketNotClosed", smtp_with("smtp://[::1"),
     "2: url=\"smtp://[::1\" has no IPv6 address in its brackets: write it like "
     "smtp://[2001:db8::1]"},
    {"NameInBrackets", smtp_with("smtp://[a]"),
     "2: url=\"smtp://[a]\" has no IPv6 address in its brackets: write it like "
     "smtp://[2001:db8::1]"},
    {"Base", ldap_with("ldap://a/dc=example"),
     "2: url=\"ldap://a/dc=example\" has more than a host and a port: the base of the search "
     "belongs into base=\"...\", its filter into filter=\"...\""},
    {"BaseAndFilter", ldap_with("ldaps://a:636/dc=example??sub?(uid=*)"),
     "2: url=\"ldaps://a:636/dc=example??sub?(uid=*)\" has more than a host and a port: the base "
     "of "
     "the search belongs into base=\"...\", its filter into filter=\"...\""},
    {"QueryAlone", ldap_with("ldap://a?x"),
     "2: url=\"ldap://a?x\" has more than a host and a port: the base of the search belongs into "
     "base=\"...\", its filter into filter=\"...\""},
    {"Fragment", ldap_with("ldap://a#x"),
     "2: url=\"ldap://a#x\" has more than a host and a port: the base of the search belongs into "
     "base=\"...\", its filter into filter=\"...\""},
    {"SmtpPath", smtp_with("smtp://a/x"),
     "2: url=\"smtp://a/x\" has more than a host and a port: an <smtp> has no path (base=\"...\" "
     "and "
     "filter=\"...\" belong into an <ldap>)"},
    {"UserInUrl", smtp_with("smtp://u:secret@a"),
     "2: url has an @ in it: write the host name alone, and the user into username=\"...\" and "
     "password=\"...\""},
    {"UserBeforeHost", ldap_with("u:secret@a"),
     "2: url has an @ in it: write the host name alone, and the user into username=\"...\" and "
     "password=\"...\""},
};
INSTANTIATE_TEST_SUITE_P(Urls, TlsRefusalTest, testing::ValuesIn(kUrls),
                         [](const auto& row) { return std::string(row.param.name); });

const Refused kContradictions[] = {
    {"SmtpsAndSslFalse", smtp_with("smtps://a", "ssl='false'"),
     "2: url=\"smtps://a\" and ssl=\"false\" contradict each other: smtps:// is TLS from the first "
     "byte on, smtp:// begins in clear"},
    {"SmtpsAndStarttls", smtp_with("smtps://a", "starttls='true'"),
     "2: url=\"smtps://a\" and starttls=\"true\" contradict each other: smtps:// is TLS from the "
     "first byte on, smtp:// begins in clear"},
    {"LdapsAndStarttls", ldap_with("ldaps://a", "starttls='true'"),
     "2: url=\"ldaps://a\" and starttls=\"true\" contradict each other: ldaps:// is TLS from the "
     "first byte on, ldap:// begins in clear"},
    {"LdapsAndSslFalse", ldap_with("ldaps://a", "ssl='false'"),
     "2: url=\"ldaps://a\" and ssl=\"false\" contradict each other: ldaps:// is TLS from the first "
     "byte on, ldap:// begins in clear"},
    {"SmtpUrlAndSsl", smtp_with("smtp://a", "ssl='true'"),
     "2: url=\"smtp://a\" and ssl=\"true\" contradict each other: smtp:// begins in clear, "
     "smtps:// "
     "is TLS from the first byte on"},
    {"LdapUrlAndSsl", ldap_with("ldap://a", "ssl='true'"),
     "2: url=\"ldap://a\" and ssl=\"true\" contradict each other: ldap:// begins in clear, "
     "ldaps:// "
     "is TLS from the first byte on"},
};
INSTANTIATE_TEST_SUITE_P(Contradictions, TlsRefusalTest, testing::ValuesIn(kContradictions),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::customer
