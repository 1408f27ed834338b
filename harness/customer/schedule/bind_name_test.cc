#include "harness/customer/schedule/bind_name.h"

#include <gtest/gtest.h>

#include <string>

namespace startle::customer {
namespace {

using namespace std::string_view_literals;

struct Name {
  const char* name;
  std::string_view text;
  bool is_dn;
  bool binds;
};

void PrintTo(const Name& row, std::ostream* out) {
  *out << row.name;
}

class BindNameTest : public testing::TestWithParam<Name> {};

TEST_P(BindNameTest, IsToldFromItsText) {
  EXPECT_EQ(is_distinguished_name(GetParam().text), GetParam().is_dn) << GetParam().text;
  EXPECT_EQ(is_bind_name(GetParam().text), GetParam().binds) << GetParam().text;
}

const Name kDistinguished[] = {
    {"Usual", "uid=alice,ou=people,dc=example,dc=com", true, true},
    {"OneRdn", "cn=admin", true, true},
    {"TwoAttributesInOneRdn", "ou=sales+cn=J. Smith,dc=example", true, true},
    {"TypeWithDigitsAndHyphen", "x-my2=a", true, true},
    {"NumericOid", "1.3.6.1.4.1.1466.0=#04024869", true, true},
    {"OidPrefix", "OID.2.5.4.3=alice,dc=example", true, true},
    {"EscapedComma", "cn=Smith\\, John,dc=example", true, true},
    {"EscapedOctets", "cn=Lu\\C4\\8Di\\C4\\87", true, true},
    {"EscapedBackslash", "cn=a\\\\b", true, true},
    {"EscapedBlankAtTheEnd", "cn=a\\ ", true, true},
    {"Utf8", "cn=J\u00fcrgen,dc=example", true, true},
    {"EqualSignInValue", "cn=a=b", true, true},
    {"AtInValue", "mail=a@b.example,dc=example", true, true},
    {"EmptyValue", "cn=", true, true},
    {"BlanksAround", " cn = alice , dc = example ", true, true},
    {"Semicolons", "cn=alice;dc=example", true, true},
    {"Quoted", "o=\"Sue, Grabbit and Runn\",c=GB", true, true},
    {"QuotedWithEscape", "o=\"a\\\"b\"", true, true},
    {"Empty", "", true, false},
};
INSTANTIATE_TEST_SUITE_P(Distinguished, BindNameTest, testing::ValuesIn(kDistinguished),
                         [](const auto& row) { return std::string(row.param.name); });

const Name kActiveDirectory[] = {
    {"UserAtDomain", "alice@example.com", false, true},
    {"DomainBackslashUser", "EXAMPLE\\alice", false, true},
    {"UserWithBlank", "EXAMPLE\\alice smith", false, true},
    {"TwoAts", "alice@home@example.com", false, false},
    {"NothingBeforeAt", "@example.com", false, false},
    {"NothingBehindAt", "alice@", false, false},
    {"BlankAroundAt", "alice @example.com", false, false},
    {"NothingBeforeBackslash", "\\alice", false, false},
    {"TwoBackslashes", "EXAMPLE\\\\alice", false, false},
    {"Line", "EXAMPLE\\al\nice", false, false},
    {"Slash", "EXAMPLE/alice", false, false},
};
INSTANTIATE_TEST_SUITE_P(ActiveDirectory, BindNameTest, testing::ValuesIn(kActiveDirectory),
                         [](const auto& row) { return std::string(row.param.name); });

const Name kNeither[] = {
    {"JustAUser", "alice", false, false},
    {"Blank", " ", false, false},
    {"CommaAtTheEnd", "cn=alice,", false, false},
    {"CommaAtTheStart", ",cn=alice", false, false},
    {"TwoCommas", "cn=alice,,dc=example", false, false},
    {"RdnWithoutType", "cn=alice,example", false, false},
    {"UnescapedCommaInValue", "cn=Smith, John,dc=example", false, false},
    {"PlusAtTheEnd", "cn=alice+", false, false},
    {"NoType", "=alice", false, false},
    {"TypeWithUnderscore", "my_type=a", false, false},
    {"TypeWithBlank", "common name=a", false, false},
    {"TypeBeginsWithHyphen", "-a=b", false, false},
    {"OidEndsInDot", "2.5.4.=a", false, false},
    {"OddHexadecimalDigits", "cn=#040", false, false},
    {"NoHexadecimalDigits", "cn=#", false, false},
    {"HexadecimalThenText", "cn=#04xx", false, false},
    {"EscapedLetter", "cn=a\\z", false, false},
    {"BackslashAtTheEnd", "cn=a\\", false, false},
    {"HalfAnOctetEscaped", "cn=a\\4", false, false},
    {"UnescapedQuotationMark", "cn=a\"b", false, false},
    {"QuotationNotEnded", "cn=\"a", false, false},
    {"TextBehindQuotation", "cn=\"a\"b", false, false},
    {"AngleBracket", "cn=<alice>", false, false},
    {"LineBreak", "cn=alice\n,dc=example", false, false},
    {"Nul", "cn=a\0b"sv, false, false},
};
INSTANTIATE_TEST_SUITE_P(Neither, BindNameTest, testing::ValuesIn(kNeither),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::customer
