#include "harness/wire/ldap_filter.h"

#include <gtest/gtest.h>

#include "harness/wire/ldap_messages_for_test.h"

namespace startle::wire {
namespace {

struct FilterRow {
  const char* name;
  std::string text;
  const char* bytes;
};

// The examples of RFC 4515, 4 are among them, shortened.
const FilterRow kFilters[] = {
    {"presence", "(a=*)", "87 01 61"},
    {"presence_of_an_oid", "(2.5.4.0=*)", "87 07 32 2e 35 2e 34 2e 30"},
    {"equality", "(cn=B J)", "a3 09 04 02 63 6e 04 03 42 20 4a"},
    {"equality_with_nothing", "(a=)", "a3 05 04 01 61 04 00"},
    {"equality_keeps_spaces", "(a= b )", "a3 08 04 01 61 04 03 20 62 20"},
    {"equality_sign_in_a_value", "(a=b=c)", "a3 08 04 01 61 04 03 62 3d 63"},
    {"option", "(a;lang-en=b)", "a3 0e 04 09 61 3b 6c 61 6e 67 2d 65 6e 04 01 62"},
    {"greater_or_equal", "(a>=1)", "a5 06 04 01 61 04 01 31"},
    {"less_or_equal", "(a<=1)", "a6 06 04 01 61 04 01 31"},
    {"approximate", "(a~=b)", "a8 06 04 01 61 04 01 62"},
    {"escapes", "(a=\\28\\29\\2a\\5C\\00)", "a3 0a 04 01 61 04 05 28 29 2a 5c 00"},
    {"utf8_as_it_is", "(a=\xc4\x8d)", "a3 07 04 01 61 04 02 c4 8d"},
    {"utf8_escaped", "(a=\\c4\\8d)", "a3 07 04 01 61 04 02 c4 8d"},
    {"escaped_star_is_no_substring", "(a=\\2a)", "a3 06 04 01 61 04 01 2a"},
    {"initial", "(a=b*)", "a4 08 04 01 61 30 03 80 01 62"},
    {"final", "(a=*b)", "a4 08 04 01 61 30 03 82 01 62"},
    {"any", "(a=*b*)", "a4 08 04 01 61 30 03 81 01 62"},
    {"all_substrings", "(a=b*c*d*e)", "a4 11 04 01 61 30 0c 80 01 62 81 01 63 81 01 64 82 01 65"},
    {"and", "(&(a=*)(b=*))", "a0 06 87 01 61 87 01 62"},
    {"or_of_one", "(|(a=*))", "a1 03 87 01 61"},
    {"not", "(!(a=*))", "a2 03 87 01 61"},
    {"absolute_true", "(&)", "a0 00"},
    {"absolute_false", "(|)", "a1 00"},
    {"nested", "(&(|(a=*)(!(b=*)))(c=*))", "a0 0d a1 08 87 01 61 a2 03 87 01 62 87 01 63"},
    {"extensible", "(a:=b)", "a9 06 82 01 61 83 01 62"},
    {"extensible_with_rule", "(a:1.2:=b)", "a9 0b 81 03 31 2e 32 82 01 61 83 01 62"},
    {"extensible_with_dn", "(a:dn:=b)", "a9 09 82 01 61 83 01 62 84 01 ff"},
    {"extensible_with_both", "(a:DN:1.2:=b)", "a9 0e 81 03 31 2e 32 82 01 61 83 01 62 84 01 ff"},
    {"extensible_of_any_attribute", "(:1.2:=b)", "a9 08 81 03 31 2e 32 83 01 62"},
    {"extensible_of_any_attribute_with_dn", "(:dn:1.2:=b)",
     "a9 0b 81 03 31 2e 32 83 01 62 84 01 ff"},
    {"extensible_keeps_colons", "(a:=:b)", "a9 07 82 01 61 83 02 3a 62"},
};

TEST(LdapFilter, IsWrittenAsBer) {
  for (const FilterRow& row : kFilters) {
    SCOPED_TRACE(row.name);
    const auto read = parse_ldap_filter(row.text);
    ASSERT_TRUE(std::holds_alternative<std::string>(read)) << std::get<Malformed>(read).why;
    EXPECT_EQ(to_hex(std::get<std::string>(read)), to_hex(octets(row.bytes)));
  }
}

TEST(LdapFilter, IsTakenByTheReaderOfMessages) {
  for (const FilterRow& row : kFilters) {
    SCOPED_TRACE(row.name);
    const LdapMessage message{1, LdapSearchRequest{.filter = octets(row.bytes)}};
    const auto read = parse_ldap_message(written(message));
    ASSERT_TRUE(std::holds_alternative<ParsedLdap>(read)) << std::get<Malformed>(read).why;
    EXPECT_EQ(std::get<ParsedLdap>(read).message, message);
  }
}

struct MalformedRow {
  const char* name;
  std::string text;
  Malformed malformed;
};

const MalformedRow kMalformed[] = {
    {"empty", "", {0, "a filter starts with ("}},
    {"without_parentheses", "a=b", {0, "a filter starts with ("}},
    {"space_in_front", " (a=b)", {0, "a filter starts with ("}},
    {"unfinished", "(a=b", {4, "a filter ends with )"}},
    {"unfinished_set", "(&(a=b)", {7, "a filter ends with )"}},
    {"item_in_a_set", "(&a=b)", {2, "a filter ends with )"}},
    {"empty_negation", "(!)", {2, "a filter starts with ("}},
    {"negation_of_two", "(!(a=b)(c=d))", {7, "a filter ends with )"}},
    {"two_filters", "(a=b)(c=d)", {5, "something follows the filter"}},
    {"closed_twice", "(a=b))", {5, "something follows the filter"}},
    {"no_description", "(=b)", {1, "an attribute description is missing"}},
    {"nothing", "()", {1, "an attribute description is missing"}},
    {"no_operator", "(a)", {2, "=, ~=, >=, <= or := follows an attribute description"}},
    {"greater_alone", "(a>1)", {3, "=, ~=, >=, <= or := follows an attribute description"}},
    {"space_in_a_description",
     "(a b=c)",
     {2, "=, ~=, >=, <= or := follows an attribute description"}},
    {"parenthesis_in_a_value", "(a=b(c)", {4, "a filter ends with )"}},
    {"star_in_an_ordering", "(a>=1*)", {5, "a filter ends with )"}},
    {"nul", std::string("(a=\0)", 5), {3, "NUL in a value is written as \\00"}},
    {"escape_of_one_digit", "(a=\\2)", {3, "two hexadecimal digits follow \\ in a value"}},
    {"escape_of_rfc_1960", "(a=\\*)", {3, "two hexadecimal digits follow \\ in a value"}},
    {"escape_at_the_end", "(a=\\", {3, "two hexadecimal digits follow \\ in a value"}},
    {"escape_in_a_substring", "(a=b*\\zz)", {5, "two hexadecimal digits follow \\ in a value"}},
    {"two_stars", "(a=**)", {4, "two * stand side by side"}},
    {"two_stars_inside", "(a=b**c)", {5, "two * stand side by side"}},
    {"rule_without_assignment", "(a:1.2=b)", {6, "a matching rule ends with :="}},
    {"dn_without_assignment", "(a:dn)", {5, "a matching rule ends with :="}},
    {"empty_rule", "(a::=b)", {3, "a matching rule is missing"}},
    {"neither_attribute_nor_rule",
     "(:=b)",
     {1, "an extensible match has neither attribute nor matching rule"}},
    {"dn_alone", "(:dn:=b)", {1, "an extensible match has neither attribute nor matching rule"}},
};

TEST(LdapFilter, SaysWhatIsWrongWithItsText) {
  for (const MalformedRow& row : kMalformed) {
    const std::variant<std::string, Malformed> expected = row.malformed;
    EXPECT_EQ(parse_ldap_filter(row.text), expected) << row.name;
  }
}

TEST(LdapFilter, IsAsDeepAsTheReaderTakesIt) {
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 1; i < depth; ++i) text += "(!";
    return text + "(a=*)" + std::string(depth - 1, ')');
  };
  const auto deepest = parse_ldap_filter(nested(kDeepestFilter));
  ASSERT_TRUE(std::holds_alternative<std::string>(deepest));
  EXPECT_NE(ldap_filter_matches(std::get<std::string>(deepest), {}), LdapTruth::undefined);
  const std::variant<std::string, Malformed> malformed =
      Malformed{128, "filters stand more than 64 deep"};
  EXPECT_EQ(parse_ldap_filter(nested(kDeepestFilter + 1)), malformed);
  EXPECT_EQ(parse_ldap_filter(nested(100000)), malformed);
}

}  // namespace
}  // namespace startle::wire
