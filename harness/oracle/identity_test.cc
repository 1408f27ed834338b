// Presented against reference identities: RFC 9525 (matches), Java's endpoint identification
// (java_identifies) and JavaMail's own matcher (javamail_identifies) on the same rows, so that
// where they differ is in plain sight. The last column is what SocketFetcher.matchCert() of
// JavaMail 1.6.5 said on OpenJDK 17.0.15.

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "harness/oracle/java_identity.h"
#include "harness/oracle/oracle.h"

namespace startle::oracle {
namespace {

PresentedIdentity dns(const std::string& name) {
  return {.dns_names = {name}};
}
PresentedIdentity ip(const std::string& address) {
  return {.ip_addresses = {address}};
}
PresentedIdentity cn(const std::string& name) {
  return {.common_name = name};
}

struct IdentityRow {
  const char* id;
  PresentedIdentity presented;
  std::string reference;
  bool matches;  // RFC 9525
  bool java;
  bool javamail;
};

const std::string kNul(1, '\0');
const std::string kLabel63(63, 'a');

const IdentityRow kRows[] = {
    // clang-format off
    {"same", dns("a.example.test"), "a.example.test", true, true, true},
    {"another", dns("b.example.test"), "a.example.test", false, false, false},
    {"parent", dns("example.test"), "a.example.test", false, false, false},
    {"child", dns("a.example.test"), "example.test", false, false, false},
    {"suffix_without_dot", dns("evilexample.test"), "example.test", false, false, false},
    {"single_label", dns("localhost"), "localhost", true, true, true},
    {"case_of_presented", dns("A.Example.TEST"), "a.example.test", true, true, true},
    {"case_of_reference", dns("a.example.test"), "A.EXAMPLE.Test", true, true, true},
    {"second_of_two", {.dns_names = {"b.example.test", "a.example.test"}}, "a.example.test", true, true, true},
    {"behind_a_bad_entry", {.dns_names = {"", "*.*.test", "a.example.test"}}, "a.example.test", true, true, true},

    {"wildcard_one_label", dns("*.example.test"), "a.example.test", true, true, true},
    {"wildcard_any_case", dns("*.EXAMPLE.test"), "A.example.TEST", true, true, true},
    {"wildcard_no_label", dns("*.example.test"), "example.test", false, false, false},
    {"wildcard_no_label_of_one", dns("*.localhost"), "localhost", false, false, false},
    {"wildcard_two_labels", dns("*.example.test"), "a.b.example.test", false, false, true},
    {"wildcard_short_of_the_host", dns("*.test"), "a.example.test", false, false, true},
    {"wildcard_top_level", dns("*.test"), "example.test", true, true, true},
    {"wildcard_empty_label", dns("*.example.test"), ".example.test", false, false, true},
    {"wildcard_alone", dns("*"), "localhost", false, false, false},
    {"wildcard_alone_with_dot", dns("*."), "localhost", false, false, false},
    {"wildcard_twice", dns("*.*.test"), "a.example.test", false, false, false},
    {"wildcard_inside", dns("a.*.test"), "a.example.test", false, false, false},
    {"wildcard_last", dns("a.example.*"), "a.example.test", false, false, false},
    {"wildcard_doubled", dns("**.example.test"), "a.example.test", false, true, false},
    {"wildcard_begins_label", dns("*a.example.test"), "aba.example.test", false, true, false},
    {"wildcard_ends_label", dns("a*.example.test"), "ab.example.test", false, true, false},
    {"wildcard_within_label", dns("a*c.example.test"), "abc.example.test", false, true, false},
    {"wildcard_within_label_other", dns("a*c.example.test"), "abd.example.test", false, false, false},
    {"wildcard_pieces_in_order", dns("a*b*c.example.test"), "axbxc.example.test", false, true, false},
    {"wildcard_pieces_out_of_order", dns("a*c*b.example.test"), "axbxc.example.test", false, false, false},
    {"wildcard_partial_other_domain", dns("a*.example.net"), "ab.example.test", false, false, false},
    {"wildcard_in_single_label", dns("local*"), "localhost", false, false, false},
    {"wildcard_against_a_label", dns("*.example.test"), "xn--bcher-kva.example.test", true, true, true},
    {"wildcard_address", dns("*.0.0.1"), "127.0.0.1", false, false, true},
    {"wildcard_in_the_reference", dns("*.example.test"), "*.example.test", false, false, true},
    {"wildcard_reference_for_a_name", dns("a.example.test"), "*.example.test", false, false, false},

    {"a_label", dns("xn--bcher-kva.test"), "xn--bcher-kva.test", true, true, true},
    {"a_label_case", dns("XN--BCHER-KVA.test"), "xn--bcher-kva.test", true, true, true},
    {"a_label_partial_wildcard", dns("xn--*.test"), "xn--bcher-kva.test", false, false, false},
    {"u_label_presented", dns("b\xc3\xbc" "cher.test"), "xn--bcher-kva.test", false, false, false},
    {"u_label_on_both_sides", dns("b\xc3\xbc" "cher.test"), "b\xc3\xbc" "cher.test", false, false, false},

    {"final_dot_of_reference", dns("a.example.test"), "a.example.test.", true, true, false},
    {"final_dot_of_presented", dns("a.example.test."), "a.example.test", false, false, false},
    {"final_dots_of_both", dns("a.example.test."), "a.example.test.", false, false, true},
    {"two_final_dots", dns("a.example.test"), "a.example.test..", false, false, false},
    {"leading_dot_presented", dns(".example.test"), "a.example.test", false, false, false},
    {"double_dot", dns("a..test"), "a..test", false, false, true},
    {"dot_alone", dns("."), ".", false, false, true},

    {"nul_cuts_nothing", dns("a.example.test" + kNul + ".evil.test"), "a.example.test", false, false, false},
    {"nul_at_the_end", dns("a.example.test" + kNul), "a.example.test", false, false, false},
    {"nul_on_both_sides", dns("a" + kNul + ".test"), "a" + kNul + ".test", false, false, true},
    {"space_around", dns(" a.example.test"), "a.example.test", false, false, false},
    {"line_feed", dns("a.example.test\n"), "a.example.test", false, false, false},
    {"underscore", dns("a_b.example.test"), "a_b.example.test", false, false, true},
    {"underscore_under_wildcard", dns("*.example.test"), "a_b.example.test", false, false, true},
    {"hyphen_inside", dns("a-b.example.test"), "a-b.example.test", true, true, true},
    {"hyphen_first", dns("-a.example.test"), "-a.example.test", false, false, true},
    {"hyphen_last", dns("a-.example.test"), "a-.example.test", false, false, true},
    {"label_of_63", dns(kLabel63 + ".test"), kLabel63 + ".test", true, true, true},
    {"label_of_64", dns("a" + kLabel63 + ".test"), "a" + kLabel63 + ".test", false, false, true},
    {"empty_on_both_sides", dns(""), "", false, false, true},
    {"empty_presented", dns(""), "a.example.test", false, false, false},
    {"nothing_presented", {}, "a.example.test", false, false, false},
    {"port", dns("a.example.test:25"), "a.example.test:25", false, false, true},
    {"uri", dns("smtp://a.example.test"), "a.example.test", false, false, false},

    {"ipv4", ip("127.0.0.1"), "127.0.0.1", true, true, false},
    {"ipv4_another", ip("127.0.0.2"), "127.0.0.1", false, false, false},
    {"ipv4_as_dns_name", dns("127.0.0.1"), "127.0.0.1", false, false, true},
    {"ipv4_as_common_name", cn("127.0.0.1"), "127.0.0.1", false, false, true},
    {"ipv4_for_a_name", ip("127.0.0.1"), "a.example.test", false, false, false},
    {"ipv4_short_form", ip("127.0.0.1"), "127.1", false, true, false},
    {"ipv4_one_number", ip("127.0.0.1"), "2130706433", false, true, false},
    {"ipv4_leading_zeros", ip("127.0.0.1"), "127.000.0.01", false, true, false},
    {"ipv4_number_too_large", ip("127.0.0.1"), "4294967296", false, false, false},
    {"ipv4_five_numbers", ip("127.0.0.1"), "127.0.0.0.1", false, false, false},
    {"ipv4_hexadecimal", ip("127.0.0.1"), "0x7f.0.0.1", false, false, false},
    {"ipv4_final_dot", ip("127.0.0.1"), "127.0.0.1..", false, false, false},
    {"ipv4_too_large", dns("300.1.1.1"), "300.1.1.1", false, true, true},
    {"ipv4_among_several", {.ip_addresses = {"192.0.2.1", "127.0.0.1"}}, "127.0.0.1", true, true, false},
    {"ipv4_nul", ip("127.0.0.1" + kNul), "127.0.0.1", false, false, false},
    {"ipv6", ip("2001:db8::1"), "2001:db8::1", true, true, false},
    {"ipv6_long_form", ip("2001:db8:0:0:0:0:0:1"), "2001:db8::1", true, true, false},
    {"ipv6_case", ip("2001:db8::a"), "2001:DB8::A", true, true, false},
    {"ipv6_leading_zeros", ip("2001:db8::1"), "2001:0db8:0000::0001", true, true, false},
    {"ipv6_another", ip("2001:db8::2"), "2001:db8::1", false, false, false},
    {"ipv6_zone", ip("fe80::1"), "fe80::1%eth0", false, false, false},
    {"ipv6_brackets", ip("2001:db8::1"), "[2001:db8::1]", true, true, false},
    {"ipv6_mapped", ip("127.0.0.1"), "::ffff:127.0.0.1", false, true, false},
    {"ipv6_mapped_in_hexadecimal", ip("::ffff:7f00:1"), "::ffff:127.0.0.1", true, true, false},

    {"common_name_only", cn("a.example.test"), "a.example.test", false, true, true},
    {"common_name_wildcard", cn("*.example.test"), "a.example.test", false, true, true},
    {"common_name_another", cn("b.example.test"), "a.example.test", false, false, false},
    {"common_name_beside_dns", {.common_name = "a.example.test", .dns_names = {"b.example.test"}}, "a.example.test", false, false, false},
    {"common_name_beside_ip", {.common_name = "a.example.test", .ip_addresses = {"127.0.0.1"}}, "a.example.test", false, true, true},
    {"common_name_beside_other", {.common_name = "a.example.test", .other_names = true}, "a.example.test", false, true, true},
    // clang-format on
};

class Identity : public testing::TestWithParam<IdentityRow> {};

TEST_P(Identity, MatchesByRfc9525) {
  EXPECT_EQ(matches(GetParam().reference, GetParam().presented), GetParam().matches);
}
TEST_P(Identity, MatchesByJava) {
  EXPECT_EQ(java_identifies(GetParam().reference, GetParam().presented), GetParam().java);
}
// As HostnameChecker of type LDAP says by itself, to which Java's LDAP client gives an IPv6 address
// without its brackets. A zone is looked for among the machine's interfaces.
TEST_P(Identity, MatchesBehindStarttlsAsByJavaButForAFinalDot) {
  const bool final_dot = GetParam().reference.ends_with('.');
  EXPECT_EQ(starttls_identifies(GetParam().reference, GetParam().presented),
            GetParam().java && !final_dot);
}
TEST_P(Identity, MatchesByJavaMail) {
  EXPECT_EQ(javamail_identifies(GetParam().reference, GetParam().presented), GetParam().javamail);
}

INSTANTIATE_TEST_SUITE_P(Rows, Identity, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.id); });

}  // namespace
}  // namespace startle::oracle
