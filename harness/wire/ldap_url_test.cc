#include "harness/wire/ldap_url.h"

#include <gtest/gtest.h>

#include "harness/wire/ldap_messages_for_test.h"

namespace startle::wire {

void PrintTo(const LdapUrl& url, std::ostream* out) {
  *out << (url.implicit_tls ? "ldaps " : "ldap ") << url.host << " " << url.port << " " << url.dn
       << (url.critical_extension ? " critical" : "");
}

namespace {

using Parsed = std::variant<LdapUrl, Malformed>;

struct UrlRow {
  const char* name;
  const char* text;
  LdapUrl url;
};

const UrlRow kUrls[] = {
    {"host", "ldap://b.example.test", {.host = "b.example.test"}},
    {"host_and_slash", "ldap://b/", {.host = "b"}},
    {"ldaps", "ldaps://b", {.implicit_tls = true, .host = "b", .port = 636}},
    {"scheme_in_capitals", "LDAPS://B", {.implicit_tls = true, .host = "B", .port = 636}},
    {"port", "ldap://b:3389/", {.host = "b", .port = 3389}},
    {"highest_port", "ldap://b:65535", {.host = "b", .port = 65535}},
    {"empty_port", "ldaps://b:/", {.implicit_tls = true, .host = "b", .port = 636}},
    {"ipv4", "ldap://127.0.0.1:389", {.host = "127.0.0.1"}},
    {"ipv6", "ldap://[::1]:390/", {.host = "::1", .port = 390}},
    {"ipv6_with_ipv4", "ldap://[::ffff:127.0.0.1]", {.host = "::ffff:127.0.0.1"}},
    {"no_host", "ldap:///dc=x", {.dn = "dc=x"}},
    {"nothing", "ldap://", {}},
    {"dn", "ldap://b/dc=example,dc=test", {.host = "b", .dn = "dc=example,dc=test"}},
    {"dn_decoded", "ldap://b/o=A%20B%3f,c=%C4%8d", {.host = "b", .dn = "o=A B?,c=\xc4\x8d"}},
    {"host_decoded", "ldap://%62", {.host = "b"}},
    {"everything",
     "ldap://b:1/dc=x?cn,sn?sub?(cn=a)?e=1,x-f",
     {.host = "b", .port = 1, .dn = "dc=x"}},
    {"empty_parts", "ldap://b/????", {.host = "b"}},
    {"critical", "ldap://b/???\?!bindname=cn=a", {.host = "b", .critical_extension = true}},
    {"second_critical", "ldap://b/????e,!x", {.host = "b", .critical_extension = true}},
    {"no_critical", "ldap://b/??\?(a=!b)?e=a!b", {.host = "b"}},
};

TEST(LdapUrl, IsReadAsFarAsAReferralNeedsIt) {
  for (const UrlRow& row : kUrls) {
    EXPECT_EQ(parse_ldap_url(row.text), Parsed(row.url)) << row.name;
  }
}

struct MalformedRow {
  const char* name;
  std::string text;
  Malformed malformed;
};

const MalformedRow kMalformed[] = {
    {"empty", "", {0, "an LDAP URL starts with ldap:// or ldaps://"}},
    {"another_scheme", "http://b", {0, "an LDAP URL starts with ldap:// or ldaps://"}},
    {"ldapi", "ldapi://%2frun", {0, "an LDAP URL starts with ldap:// or ldaps://"}},
    {"one_slash", "ldap:/b", {0, "an LDAP URL starts with ldap:// or ldaps://"}},
    {"space", "ldap://b /", {8, "a URL holds an octet that has to be written as %XX"}},
    {"line_end", "ldap://b\r\n", {8, "a URL holds an octet that has to be written as %XX"}},
    {"nul",
     std::string("ldap://b\0c", 10),
     {8, "a URL holds an octet that has to be written as %XX"}},
    {"eight_bits", "ldap://b/\xc4", {9, "a URL holds an octet that has to be written as %XX"}},
    {"user", "ldap://u@b/", {8, "only a port or / may follow the host"}},
    {"query_without_slash", "ldap://b?cn", {8, "only a port or / may follow the host"}},
    {"port_no_number", "ldap://b:x", {9, "only a port or / may follow the host"}},
    {"port_below_zero", "ldap://b:-1", {9, "only a port or / may follow the host"}},
    {"port_0", "ldap://b:0", {9, "port 0 is no port"}},
    {"port_too_high", "ldap://b:65536", {13, "a port is at most 65535"}},
    {"port_far_too_high", "ldap://b:99999999999999999999", {13, "a port is at most 65535"}},
    {"ipv6_not_closed", "ldap://[::1", {8, "an IPv6 address stands in brackets"}},
    {"ipv6_empty", "ldap://[]", {8, "an IPv6 address stands in brackets"}},
    {"ipv4_in_brackets", "ldap://[127.0.0.1]", {8, "an IPv6 address stands in brackets"}},
    {"ipv6_without_brackets", "ldap://::1", {8, "only a port or / may follow the host"}},
    {"text_behind_brackets", "ldap://[::1]b", {12, "only a port or / may follow the host"}},
    {"percent_alone", "ldap://b/%", {9, "two hexadecimal digits follow % in a URL"}},
    {"percent_and_one_digit", "ldap://b/%4", {9, "two hexadecimal digits follow % in a URL"}},
    {"percent_in_the_host", "ldap://%zz", {7, "two hexadecimal digits follow % in a URL"}},
    {"percent_in_the_filter", "ldap://b/???%q", {12, "two hexadecimal digits follow % in a URL"}},
    {"fragment", "ldap://b/dc=x#y", {13, "an LDAP URL has no fragment"}},
    {"five_questions", "ldap://b/?????", {13, "an LDAP URL has at most four ?"}},
};

TEST(LdapUrl, SaysWhatIsWrongWithIt) {
  for (const MalformedRow& row : kMalformed) {
    EXPECT_EQ(parse_ldap_url(row.text), Parsed(row.malformed)) << row.name;
  }
}

}  // namespace
}  // namespace startle::wire
