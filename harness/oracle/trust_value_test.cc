#include "harness/oracle/trust_value.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/oracle/host_name.h"
#include "harness/oracle/oracle.h"

namespace startle::oracle {
namespace {

using Names = std::vector<std::string>;

TEST(TrustValue, IsSplitOnWhiteSpaceAndEachTokenIsSomething) {
  const std::vector<Token> tokens =
      tokens_of("\t a.test\r\nA.TEST.\v* 192.0.2.1\f2001:db8::1 a,b h:25 *.x a_b [::1] 192.0.2. ");
  const std::vector<std::pair<std::string, TokenKind>> expected = {
      {"a.test", TokenKind::host_name},
      {"A.TEST.", TokenKind::host_name},
      {"*", TokenKind::asterisk},
      {"192.0.2.1", TokenKind::ip_address},
      {"2001:db8::1", TokenKind::ip_address},
      {"a,b", TokenKind::nothing},
      {"h:25", TokenKind::nothing},
      {"*.x", TokenKind::nothing},
      {"a_b", TokenKind::nothing},
      {"[::1]", TokenKind::ip_address},
      {"192.0.2.", TokenKind::nothing}};
  ASSERT_EQ(tokens.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(tokens[i].text, expected[i].first);
    EXPECT_EQ(tokens[i].kind, expected[i].second) << tokens[i].text;
  }
  EXPECT_TRUE(tokens_of("").empty());
  EXPECT_TRUE(tokens_of(" \n").empty());
}

TEST(TrustValue, TheListIsTheWholeReferenceSetOfDocumentedOnly) {
  const std::string trust = "a.test. a,b A.test 192.0.2.1";
  EXPECT_EQ(references_of(words::TrustModel::documented, "h.test", trust).identities,
            (Names{"a.test", "192.0.2.1"}));
  EXPECT_EQ(references_of(words::TrustModel::pkix, "h.test.", trust).identities,
            (Names{"h.test", "a.test", "192.0.2.1"}));
  EXPECT_EQ(references_of(words::TrustModel::pkix, "h.test", std::nullopt).identities,
            Names{"h.test"});
  EXPECT_TRUE(references_of(words::TrustModel::documented, "h.test", " * ").anyone);
  EXPECT_FALSE(references_of(words::TrustModel::documented, "h.test", "* a.test").anyone);
  EXPECT_FALSE(references_of(words::TrustModel::pkix, "h.test", "*").anyone);
}

TEST(TrustValue, JavaTakesItLetterForLetter) {
  EXPECT_EQ(java_trust("h.test", std::nullopt), JavaTrust::pkix);
  EXPECT_EQ(java_trust("h.test", "*"), JavaTrust::anyone);
  EXPECT_EQ(java_trust("h.test", "* "), JavaTrust::unlisted);
  EXPECT_EQ(java_trust("h.test", "**"), JavaTrust::unlisted);
  EXPECT_EQ(java_trust("h.test", ""), JavaTrust::unlisted);
  EXPECT_EQ(java_trust("h.test", "a.test \t h.test"), JavaTrust::listed);
  EXPECT_EQ(java_trust("h.test", "H.test"), JavaTrust::unlisted);
  EXPECT_EQ(java_trust("a_b:25", "a_b:25"), JavaTrust::listed);
}

struct WarningRow {
  const char* id;
  words::TrustModel model;
  std::optional<std::string> trust;
  Names warnings;
};

using enum words::TrustModel;
const WarningRow kRows[] = {
    {"documented_absent", documented, std::nullopt, {}},
    {"documented_names", documented, "h.test 192.0.2.1 other.test.", {}},
    {"documented_any", documented, " * ", {}},
    {"documented_any_in_list",
     documented,
     "* h.test",
     {"`*` matches nothing: it means any host only where it stands alone"}},
    {"documented_comma",
     documented,
     "a,b",
     {"`a,b` is neither a host name nor an IP address: it matches nothing; names are separated by "
      "blanks"}},
    {"documented_port_and_wildcard",
     documented,
     "h.test:25 *.test",
     {"`h.test:25` is neither a host name nor an IP address: it matches nothing; a port does not "
      "belong in trust",
      "`*.test` is neither a host name nor an IP address: it matches nothing; a wildcard belongs "
      "in a certificate, never in trust"}},
    {"documented_u_label", documented, "b\xc3\xbc.test", {}},
    {"documented_no_break_space",
     documented,
     "a.test\u00a0b.test",
     {"`a.test\\xc2\\xa0b.test` is neither a host name nor an IP address: it matches nothing"}},
    {"documented_underscored_u_label",
     documented,
     "b\u00fc_c.test",
     {"`b\\xc3\\xbc_c.test` is neither a host name nor an IP address: it matches nothing; write it "
      "in its A-label form (xn--..)"}},
    {"documented_underscore",
     documented,
     "a_b.test",
     {"`a_b.test` is neither a host name nor an IP address: it matches nothing"}},
    {"pkix_any",
     pkix,
     "*",
     {"`*` names no host and is ignored: the certificate must still be issued to `h.test`"}},
    {"pkix_any_in_list",
     pkix,
     "* a.test",
     {"`*` matches nothing: it means any host only where it stands alone"}},
    {"pkix_empty", pkix, "", {}},
    {"javamail_any", javamail, "*", {}},
    {"javamail_host", javamail, " h.test ", {}},
    {"javamail_any_padded",
     javamail,
     " * ",
     {"`*` matches nothing: it means any host only where it is the whole value, without blanks"}},
    {"javamail_identity_list",
     words::TrustModel::javamail_identity,
     "other.test h.test",
     {"`other.test` is not the configured host `h.test`, letter for letter: it matches nothing"}},
    {"jndi_any",
     words::TrustModel::jndi,
     "* a,b",
     {"Java's LDAP client knows no trust: the value is ignored, and the certificate must be valid "
      "and issued to `h.test`"}},
    {"angus_list",
     angus,
     "H.test h.test h.test.",
     {"`H.test` is not the configured host `h.test`, letter for letter: it matches nothing",
      "`h.test.` is not the configured host `h.test`, letter for letter: it matches nothing"}},
};

class TrustWarnings : public testing::TestWithParam<WarningRow> {};

TEST_P(TrustWarnings, NameEachTokenWithoutEffect) {
  const WarningRow& row = GetParam();
  EXPECT_EQ(trust_warnings(row.model, "h.test", row.trust), row.warnings);
}

INSTANTIATE_TEST_SUITE_P(Rows, TrustWarnings, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.id); });

TEST(HostName, HasLimits) {
  const std::string label(63, 'a');
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'a');
  EXPECT_TRUE(is_host_name(longest));
  EXPECT_FALSE(is_host_name(longest + "a"));
  EXPECT_TRUE(is_host_name("3com.test"));
  EXPECT_TRUE(is_host_name("a.3com"));
  EXPECT_FALSE(is_host_name("a.3"));
  EXPECT_EQ(without_final_dot("a.test."), "a.test");
  EXPECT_EQ(without_final_dot("a.test.."), "a.test..");
  EXPECT_EQ(without_final_dot("."), ".");
}

}  // namespace
}  // namespace startle::oracle
