// What is no LDAP message: each kind, found at its first wrong octet, in its own words.

#include <gtest/gtest.h>

#include "harness/wire/ldap_messages_for_test.h"

namespace startle::wire {
namespace {

using Parsed = std::variant<ParsedLdap, NeedMore, Malformed>;

struct MalformedRow {
  const char* name;
  std::string bytes;
  Malformed malformed;
};

// The beginning of a message that is long enough for whatever follows.
std::string in_message(const char* hex) {
  return octets("30 7f 02 01 01") + octets(hex);
}

const MalformedRow kMessage[] = {
    {"http", "HTTP/1.1 400", {0, "the tag of a message is 0x30, not 0x48"}},
    {"smtp_greeting", "220 mail", {0, "the tag of a message is 0x30, not 0x32"}},
    {"tls_record", octets("16 03 03"), {0, "the tag of a message is 0x30, not 0x16"}},
    {"a_set", octets("31 05"), {0, "the tag of a message is 0x30, not 0x31"}},
    {"indefinite", octets("30 80 02"), {1, "the length of a message is indefinite"}},
    {"reserved_length", octets("30 ff"), {1, "the length of a message starts with 0xff"}},
    {"four_gigabytes", octets("30 84 ff ff ff ff"), {2, "a message is longer than 1048576 octets"}},
    {"one_over_the_limit",
     octets("30 84 00 0f ff fb"),
     {5, "a message is longer than 1048576 octets"}},
    {"length_of_126_octets",
     octets("30 fe") + std::string(120, '\0') + octets("01"),
     {122, "a message is longer than 1048576 octets"}},
    {"empty", octets("30 00"), {1, "the message id is missing"}},
    {"empty_in_the_long_form", octets("30 82 00 00"), {3, "the message id is missing"}},
    {"one_octet", octets("30 01 02"), {2, "the message id is cut off by the end of what holds it"}},
    {"id_of_another_tag",
     octets("30 05 04 01"),
     {2, "the tag of the message id is 0x02, not 0x04"}},
    {"id_constructed",
     octets("30 05 22"),
     {2, "the tag of the message id is 0x02, not 0x22, its constructed form"}},
    {"id_without_octets", octets("30 05 02 00"), {3, "the message id has no octets"}},
    {"id_of_nine_octets", octets("30 20 02 09"), {3, "the message id has more than 8 octets"}},
    {"id_not_minimal", octets("30 06 02 02 00 01"), {5, "the message id is not minimal"}},
    {"id_below_zero", octets("30 05 02 01 ff"), {4, "the message id is not in 0..2147483647"}},
    {"id_below_zero_by_its_first_octet",
     octets("30 06 02 02 80"),
     {4, "the message id is not in 0..2147483647"}},
    {"id_one_too_high", octets("30 09 02 05 00 80"), {5, "the message id is not in 0..2147483647"}},
    {"id_longer_than_its_message",
     octets("30 05 02 04"),
     {3, "the message id is longer than what holds it"}},
    {"long_length_beyond_its_message",
     octets("30 05 02 84"),
     {3, "the message id is longer than what holds it"}},
    {"no_operation", octets("30 03 02 01 01"), {4, "the operation is missing"}},
    {"operation_of_context_class",
     in_message("80"),
     {5, "an operation has an application tag, not 0x80"}},
    {"operation_of_tag_zero",
     in_message("00"),
     {5, "an operation has an application tag, not 0x00"}},
    {"operation_of_a_high_tag", in_message("7f"), {5, "no operation has a tag number above 30"}},
    {"primitive_bind", in_message("40"), {5, "the tag of this operation is 0x60, not 0x40"}},
    {"constructed_unbind", in_message("62"), {5, "the tag of this operation is 0x42, not 0x62"}},
    {"primitive_modify", in_message("46"), {5, "the tag of this operation is 0x66, not 0x46"}},
    {"operation_longer_than_the_message",
     octets("30 05 02 01 01 66 01"),
     {6, "the operation is longer than what holds it"}},
    {"operation_indefinite", in_message("66 80"), {6, "the length of the operation is indefinite"}},
    {"unbind_with_content", in_message("42 01"), {6, "the unbind request is not empty"}},
    {"abandon_below_zero",
     in_message("50 01 80"),
     {7, "the message id to abandon is not in 0..2147483647"}},
    {"second_operation", in_message("42 00 42"), {7, "an element 0x42 is out of place"}},
    {"controls_in_front",
     in_message("a0 00"),
     {5, "an operation has an application tag, not 0xa0"}},
    {"controls_twice", in_message("42 00 a0 00 a0"), {9, "an element 0xa0 is out of place"}},
    {"half_an_unknown_element",
     octets("30 06 02 01 01 42 00 8a"),
     {7, "an unknown element is cut off by the end of what holds it"}},
    {"unknown_element_indefinite",
     in_message("42 00 aa 80"),
     {8, "the length of an unknown element is indefinite"}},
    {"high_tag_of_a_low_number",
     in_message("42 00 9f 1e"),
     {8, "the tag number of an unknown element is not minimal"}},
    {"high_tag_with_leading_zeros",
     in_message("42 00 9f 80"),
     {8, "the tag number of an unknown element is not minimal"}},
    {"controls_primitive", in_message("42 00 80"), {7, "an element 0x80 is out of place"}},
    {"control_value_constructed",
     in_message("42 00 a0 20 30 08 04 01 31 24"),
     {14, "an element 0x24 is out of place"}},
    {"control_no_sequence",
     in_message("42 00 a0 02 04"),
     {9, "the tag of a control is 0x30, not 0x04"}},
    {"control_empty", in_message("42 00 a0 02 30 00"), {10, "the control type is missing"}},
    {"criticality_of_two_octets",
     in_message("42 00 a0 20 30 08 04 01 31 01 02"),
     {15, "the criticality is not one octet"}},
    {"criticality_01",
     in_message("42 00 a0 20 30 08 04 01 31 01 01 01"),
     {16, "the criticality is neither 0x00 nor 0xff"}},
    {"criticality_behind_the_value",
     in_message("42 00 a0 20 30 09 04 01 31 04 01 76 01"),
     {17, "an element 0x01 is out of place"}},
};

const MalformedRow kOperations[] = {
    {"bind_empty", in_message("60 00"), {6, "the version is missing"}},
    {"version_0", in_message("60 20 02 01 00"), {9, "the version is not in 1..127"}},
    {"version_128", in_message("60 20 02 02 00 80"), {10, "the version is not in 1..127"}},
    {"name_of_another_tag",
     in_message("60 20 02 01 03 0c"),
     {10, "the tag of the name is 0x04, not 0x0c"}},
    {"name_constructed",
     in_message("60 20 02 01 03 24"),
     {10, "the tag of the name is 0x04, not 0x24, its constructed form"}},
    {"no_authentication",
     in_message("60 05 02 01 03 04 00"),
     {11, "the authentication is missing"}},
    {"authentication_universal",
     in_message("60 20 02 01 03 04 00 04"),
     {12, "no authentication has the tag 0x04"}},
    {"authentication_of_a_high_tag",
     in_message("60 20 02 01 03 04 00 9f"),
     {12, "no authentication has a tag number above 30"}},
    {"password_constructed",
     in_message("60 20 02 01 03 04 00 a0"),
     {12, "no authentication has the tag 0xa0"}},
    {"sasl_primitive",
     in_message("60 20 02 01 03 04 00 83"),
     {12, "no authentication has the tag 0x83"}},
    {"server_credentials_constructed",
     in_message("61 20 0a 01 00 04 00 04 00 a7"),
     {14, "an element 0xa7 is out of place"}},
    {"response_name_constructed",
     in_message("78 20 0a 01 00 04 00 04 00 aa"),
     {14, "an element 0xaa is out of place"}},
    {"request_value_constructed",
     in_message("77 20 80 01 31 a1"),
     {10, "an element 0xa1 is out of place"}},
    {"referral_primitive",
     in_message("65 20 0a 01 0a 04 00 04 00 83"),
     {14, "an element 0x83 is out of place"}},
    {"two_authentications",
     in_message("60 20 02 01 03 04 00 80 00 a3"),
     {14, "an element 0xa3 is out of place"}},
    {"sasl_without_mechanism",
     in_message("60 20 02 01 03 04 00 a3 00"),
     {13, "the SASL mechanism is missing"}},
    {"sasl_credentials_twice",
     in_message("60 20 02 01 03 04 00 a3 07 04 01 58 04 00 04"),
     {19, "an element 0x04 is out of place"}},
    {"result_code_an_integer",
     in_message("61 20 02"),
     {7, "the tag of the result code is 0x0a, not 0x02"}},
    {"result_code_not_minimal",
     in_message("61 20 0a 02 00 00"),
     {10, "the result code is not minimal"}},
    {"result_code_not_minimal_below_zero",
     in_message("61 20 0a 02 ff ff"),
     {10, "the result code is not minimal"}},
    {"result_code_of_nine_octets",
     in_message("61 20 0a 09"),
     {8, "the result code has more than 8 octets"}},
    {"no_matched_dn", in_message("65 03 0a 01 00"), {9, "the matched DN is missing"}},
    {"no_diagnostic",
     in_message("65 05 0a 01 00 04 00"),
     {11, "the diagnostic message is missing"}},
    {"diagnostic_constructed",
     in_message("65 20 0a 01 00 04 00 24"),
     {12, "the tag of the diagnostic message is 0x04, not 0x24, its constructed form"}},
    {"diagnostic_beyond_its_result",
     in_message("65 08 0a 01 00 04 00 04 02"),
     {13, "the diagnostic message is longer than what holds it"}},
    {"referral_empty", in_message("65 20 0a 01 0a 04 00 04 00 a3 00"), {15, "a URI is missing"}},
    {"referral_no_string",
     in_message("65 20 0a 01 0a 04 00 04 00 a3 03 30"),
     {16, "the tag of a URI is 0x04, not 0x30"}},
    {"referral_twice",
     in_message("65 20 0a 01 0a 04 00 04 00 a3 02 04 00 a3"),
     {18, "an element 0xa3 is out of place"}},
    {"server_credentials_before_the_referral",
     in_message("61 20 0a 01 0a 04 00 04 00 87 00 a3"),
     {16, "an element 0xa3 is out of place"}},
    {"known_behind_unknown",
     in_message("78 20 0a 01 00 04 00 04 00 8f 00 8a"),
     {16, "an element 0x8a is out of place"}},
    {"response_value_before_the_name",
     in_message("78 20 0a 01 00 04 00 04 00 8b 00 8a"),
     {16, "an element 0x8a is out of place"}},
    {"request_name_of_universal_tag",
     in_message("77 20 04"),
     {7, "the tag of the request name is 0x80, not 0x04"}},
    {"no_request_name", in_message("77 00"), {6, "the request name is missing"}},
    {"reference_empty", in_message("73 00"), {6, "a URI is missing"}},
    {"intermediate_name_twice",
     in_message("79 20 80 00 80"),
     {9, "an element 0x80 is out of place"}},
    {"attributes_no_sequence",
     in_message("64 20 04 00 31"),
     {9, "the tag of the attributes is 0x30, not 0x31"}},
    {"values_no_set",
     in_message("64 20 04 00 30 10 30 08 04 01 61 30"),
     {16, "the tag of the values is 0x31, not 0x30"}},
    {"attributes_twice",
     in_message("64 20 04 00 30 00 30"),
     {11, "an element 0x30 is out of place"}},
    {"values_twice",
     in_message("64 20 04 00 30 10 30 08 04 01 61 31 00 31"),
     {18, "an element 0x31 is out of place"}},
    {"value_no_string",
     in_message("64 20 04 00 30 10 30 08 04 01 61 31 03 02"),
     {18, "the tag of a value is 0x04, not 0x02"}},
};

constexpr const char* kSearchStart = "63 70 04 00 0a 01 00 0a 01 00 02 01 00 02 01 00 01 01 00";

std::string in_search(const char* hex) {
  return in_message(kSearchStart) + octets(hex);  // the filter is at 24
}

const MalformedRow kSearches[] = {
    {"scope_3", in_message("63 20 04 00 0a 01 03"), {11, "the scope is not in 0..2"}},
    {"dereference_4",
     in_message("63 20 04 00 0a 01 00 0a 01 04"),
     {14, "the alias dereferencing is not in 0..3"}},
    {"size_limit_below_zero",
     in_message("63 20 04 00 0a 01 00 0a 01 00 02 01 ff"),
     {17, "the size limit is not in 0..2147483647"}},
    {"time_limit_of_32_bits",
     in_message("63 30 04 00 0a 01 00 0a 01 00 02 01 00 02 05 00 ff"),
     {21, "the time limit is not in 0..2147483647"}},
    {"types_only_01",
     in_message("63 30 04 00 0a 01 00 0a 01 00 02 01 00 02 01 00 01 01 01"),
     {23, "types only is neither 0x00 nor 0xff"}},
    {"no_filter",
     in_message("63 11 04 00 0a 01 00 0a 01 00 02 01 00 02 01 00 01 01 00"),
     {23, "a filter is missing"}},
    {"filter_of_universal_class", in_search("30 00"), {24, "no filter has the tag 0x30"}},
    {"filter_presence_constructed", in_search("a7 00"), {24, "no filter has the tag 0xa7"}},
    {"filter_and_primitive", in_search("80 00"), {24, "no filter has the tag 0x80"}},
    {"negation_of_nothing", in_search("a2 00"), {25, "a filter is missing"}},
    {"negation_of_two",
     in_search("a2 06 87 01 61 87"),
     {29, "an element 0x87 does not belong in a negation"}},
    {"assertion_without_value", in_search("a3 03 04 01 61"), {28, "an assertion value is missing"}},
    {"assertion_of_two_values",
     in_search("a3 20 04 00 04 00 04"),
     {30, "an element 0x04 is out of place"}},
    {"substrings_twice",
     in_search("a4 20 04 01 61 30 03 81 01 62 30"),
     {34, "an element 0x30 is out of place"}},
    {"type_behind_the_match_value",
     in_search("a9 20 83 01 62 82"),
     {29, "an element 0x82 is out of place"}},
    {"attribute_selection_twice",
     in_search("87 01 61 30 00 30"),
     {29, "an element 0x30 is out of place"}},
    {"no_substring", in_search("a4 10 04 01 61 30 00"), {30, "a substring is missing"}},
    {"initial_twice",
     in_search("a4 20 04 01 61 30 10 80 01 61 80"),
     {34, "the initial substring is not the first"}},
    {"substring_behind_the_final",
     in_search("a4 20 04 01 61 30 10 82 01 61 81"),
     {34, "a substring follows the final one"}},
    {"substring_of_another_tag",
     in_search("a4 20 04 01 61 30 10 83"),
     {31, "the tag of a substring is 0x80 to 0x82, not 0x83"}},
    {"extensible_without_value", in_search("a9 03 82 01 61"), {28, "a match value is missing"}},
    {"dn_attributes_01",
     in_search("a9 09 82 01 61 83 01 62 84 01 01"),
     {34, "DN attributes is neither 0x00 nor 0xff"}},
    {"no_attribute_selection",
     in_message("63 14 04 00 0a 01 00 0a 01 00 02 01 00 02 01 00 01 01 00 87 01 61"),
     {26, "the attribute selection is missing"}},
};

void expect_found_at_once(const MalformedRow& row) {
  SCOPED_TRACE(row.name);
  const Parsed expected = row.malformed;
  ASSERT_LT(row.malformed.offset, row.bytes.size());
  EXPECT_EQ(parse_ldap_message(row.bytes), expected);
  EXPECT_EQ(parse_ldap_message(row.bytes + std::string(200, '\0')), expected);
  EXPECT_EQ(parse_ldap_message(row.bytes.substr(0, row.malformed.offset + 1)), expected);
  for (std::size_t cut = 0; cut <= row.malformed.offset; ++cut) {
    EXPECT_EQ(parse_ldap_message(row.bytes.substr(0, cut)), Parsed(NeedMore{})) << cut;
  }
}

TEST(MalformedLdap, MessagesAreFoundAtTheirFirstWrongOctet) {
  for (const MalformedRow& row : kMessage) expect_found_at_once(row);
}
TEST(MalformedLdap, OperationsAreFoundAtTheirFirstWrongOctet) {
  for (const MalformedRow& row : kOperations) expect_found_at_once(row);
}
TEST(MalformedLdap, SearchesAreFoundAtTheirFirstWrongOctet) {
  for (const MalformedRow& row : kSearches) expect_found_at_once(row);
}

TEST(MalformedLdap, NestedFiltersAreLimited) {
  std::string bytes = octets("30 82 7f ff 02 01 01 63 82 7f f0") + octets(kSearchStart).substr(2);
  const std::size_t filter = bytes.size();
  for (int depth = 0; depth < 10000; ++depth) bytes += octets("a2 82 40 00");
  const Parsed expected = Malformed{filter + 64 * 4, "filters stand more than 64 deep"};
  std::string fitting = bytes.substr(0, filter);
  for (int depth = 0; depth < 100; ++depth) {
    const int left = 0x4000 - 4 * (depth + 1);
    fitting += octets("a2 82") + static_cast<char>(left >> 8) + static_cast<char>(left);
  }
  EXPECT_EQ(parse_ldap_message(fitting), expected);
  const Parsed too_long = Malformed{filter + 6, "a negation is longer than what holds it"};
  EXPECT_EQ(parse_ldap_message(bytes), too_long);
}

TEST(MalformedLdap, WhateverOctetIsWrongNoCutChangesTheAnswer) {
  for (const LdapMessageRow& row : ldap_message_rows()) {
    const std::string bytes = written(row.message);
    if (bytes.size() > 80) continue;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (const int change : {0x01, 0x20, 0x80}) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ change);
        const Parsed whole = parse_ldap_message(changed);
        std::size_t settled = changed.size() + 1;
        if (const auto* parsed = std::get_if<ParsedLdap>(&whole)) settled = parsed->consumed;
        if (const auto* malformed = std::get_if<Malformed>(&whole)) settled = malformed->offset + 1;
        for (std::size_t cut = 0; cut <= changed.size(); ++cut) {
          const Parsed early = parse_ldap_message(std::string_view(changed).substr(0, cut));
          const bool right =
              cut < settled ? std::holds_alternative<NeedMore>(early) : early == whole;
          ASSERT_TRUE(right) << row.name << " changed at " << at << ", cut at " << cut;
        }
      }
    }
  }
}

}  // namespace
}  // namespace startle::wire
