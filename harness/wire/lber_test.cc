// Our reader and writer against OpenLDAP's liblber.

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "harness/wire/ldap_messages_for_test.h"
#ifdef STARTLE_LBER
#include "harness/wire/lber_for_test.h"
#endif

namespace startle::wire {
namespace {

#ifndef STARTLE_LBER

TEST(Lber, AgreesWithUs) {
  GTEST_SKIP() << "liblber was absent when the tree was configured: apt-get install libldap2-dev";
}

#else

constexpr BerLengths kBothLengths[] = {BerLengths::shortest, BerLengths::four_octets};

class Lber : public testing::TestWithParam<LdapMessageRow> {};

TEST_P(Lber, ReadsWhatWeWrite) {
  const LdapMessage& message = GetParam().message;
  for (const BerLengths lengths : kBothLengths) {
    const auto read = read_by_lber(written(message, lengths));
    if (fits_lber(message)) {
      ASSERT_TRUE(read);
      EXPECT_EQ(*read, message);
    } else {
      EXPECT_FALSE(read) << "liblber has numbers of more than 32 bits now: widen fits_lber";
    }
  }
}

TEST_P(Lber, WritesTheOctetsThatWeWrite) {
  const LdapMessage& message = GetParam().message;
  if (!fits_lber(message)) return;  // it has no such number
  for (const BerLengths lengths : kBothLengths) {
    const std::string bytes = written_by_lber(message, lengths);
    EXPECT_EQ(to_hex(bytes), to_hex(written(message, lengths)));
    const auto read = parse_ldap_message(bytes);
    ASSERT_TRUE(std::holds_alternative<ParsedLdap>(read)) << std::get<Malformed>(read).why;
    EXPECT_EQ(std::get<ParsedLdap>(read).message, message);
  }
}

INSTANTIATE_TEST_SUITE_P(, Lber, testing::ValuesIn(ldap_message_rows()),
                         [](const auto& row) { return std::string(row.param.name); });

// A few octets of `bytes` changed, taken out or put in.
std::string mutated(std::string bytes, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  static constexpr unsigned char kTelling[] = {0x00, 0x01, 0x02, 0x04, 0x0a, 0x30, 0x7f,
                                               0x80, 0x81, 0x84, 0x87, 0xa0, 0xa3, 0xff};
  for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
    const std::size_t at = below(bytes.size());
    const auto octet = static_cast<char>(below(2) == 0 ? kTelling[below(std::size(kTelling))]
                                                       : static_cast<unsigned char>(random()));
    switch (below(4)) {
      case 0:
        bytes[at] = octet;
        break;
      case 1:
        bytes[at] = static_cast<char>(bytes[at] + (below(2) == 0 ? 1 : -1));
        break;
      case 2:
        bytes.insert(at, 1, octet);
        break;
      default:
        bytes.erase(at, 1 + below(2));
    }
    if (bytes.empty()) bytes += octet;
  }
  return bytes;
}

TEST(LberMutations, WhatWeTakeLiblberTakesWithTheSameValues) {
  std::mt19937 random(4511);
  std::map<std::string, int> seen;
  for (const LdapMessageRow& row : ldap_message_rows()) {
    for (const BerLengths lengths : kBothLengths) {
      const std::string bytes = written(row.message, lengths);
      if (bytes.size() > 300) continue;
      for (int round = 0; round < 500; ++round) {
        const std::string changed = mutated(bytes, random);
        const auto ours = parse_ldap_message(changed);
        ++seen["mutations"];
        const auto* parsed = std::get_if<ParsedLdap>(&ours);
        if (parsed == nullptr) continue;
        const auto theirs = read_by_lber(changed.substr(0, parsed->consumed));
        if (!fits_lber(parsed->message)) {
          ++seen["of more than 32 bits"];
          EXPECT_FALSE(theirs) << to_hex(changed);
          continue;
        }
        ++seen["taken by both"];
        ASSERT_TRUE(theirs) << to_hex(changed);
        ASSERT_EQ(*theirs, parsed->message) << to_hex(changed);
      }
    }
  }
  // The comparison is worth something only if many were taken.
  EXPECT_GT(seen["mutations"], 20000);
  EXPECT_GT(seen["taken by both"], 4000);
  EXPECT_GT(seen["of more than 32 bits"], 50);
}

// What liblber takes (its users may look further) and we do not, with the clause.
struct StricterRow {
  const char* name;
  const char* clause;
  const char* bytes;
  const char* why;
};

const StricterRow kStricter[] = {
    {"true_other_than_ff", "RFC 4511, 5.1 (3)",
     "30 0f 02 01 01 42 00 a0 08 30 06 04 01 31 01 01 01",
     "the criticality is neither 0x00 nor 0xff"},
    {"boolean_of_two_octets", "X.690, 8.2.1",
     "30 10 02 01 01 42 00 a0 09 30 07 04 01 31 01 02 ff ff", "the criticality is not one octet"},
    {"integer_not_minimal", "X.690, 8.3.2", "30 06 02 02 00 01 42 00",
     "the message id is not minimal"},
    {"enumerated_not_minimal", "X.690, 8.4", "30 0d 02 01 01 65 08 0a 02 00 00 04 00 04 00",
     "the result code is not minimal"},
    {"integer_without_octets", "X.690, 8.3.1", "30 04 02 00 42 00", "the message id has no octets"},
    {"id_below_zero", "RFC 4511, 4.1.1.1", "30 05 02 01 ff 42 00",
     "the message id is not in 0..2147483647"},
    {"version_0", "RFC 4511, 4.2", "30 0c 02 01 01 60 07 02 01 00 04 00 80 00",
     "the version is not in 1..127"},
    {"scope_3", "RFC 4511, 4.5.1.2",
     "30 1a 02 01 01 63 15 04 00 0a 01 03 0a 01 00 02 01 00 02 01 00 01 01 00 87 00 30 00",
     "the scope is not in 0..2"},
    {"string_constructed", "RFC 4511, 5.1 (2)", "30 0e 02 01 01 65 09 0a 01 00 04 00 24 02 04 00",
     "the tag of the diagnostic message is 0x04, not 0x24, its constructed form"},
    {"string_of_another_type", "RFC 4511, 4.1.9", "30 0c 02 01 01 65 07 0a 01 00 0c 00 04 00",
     "the tag of the matched DN is 0x04, not 0x0c"},
    {"integer_of_another_type", "RFC 4511, 4.1.9", "30 0c 02 01 01 65 07 02 01 00 04 00 04 00",
     "the tag of the result code is 0x0a, not 0x02"},
    {"message_of_another_type", "RFC 4511, 4.1.1", "31 05 02 01 01 42 00",
     "the tag of a message is 0x30, not 0x31"},
    {"set_for_a_sequence", "RFC 4511, 4.5.2", "30 09 02 01 01 64 04 04 00 31 00",
     "the tag of the attributes is 0x30, not 0x31"},
    {"unbind_with_content", "RFC 4511, 4.3", "30 06 02 01 01 42 01 00",
     "the unbind request is not empty"},
    {"operation_of_context_class", "RFC 4511, 4.1.1", "30 05 02 01 01 82 00",
     "an operation has an application tag, not 0x82"},
    {"operation_in_the_other_form", "X.690, 8.1.2.5", "30 05 02 01 01 4e 00",
     "the tag of this operation is 0x6e, not 0x4e"},
    {"empty_referral", "RFC 4511, 4.1.10", "30 0e 02 01 01 65 09 0a 01 0a 04 00 04 00 a3 00",
     "a URI is missing"},
    {"empty_reference", "RFC 4511, 4.5.2", "30 05 02 01 01 73 00", "a URI is missing"},
    {"controls_twice", "RFC 4511, 4.1.1", "30 09 02 01 01 42 00 a0 00 a0 00",
     "an element 0xa0 is out of place"},
    {"components_in_another_order", "RFC 4511, 4.12",
     "30 10 02 01 01 78 0b 0a 01 00 04 00 04 00 8b 00 8a 00", "an element 0x8a is out of place"},
    {"broken_behind_the_known", "X.690, 8.1.3", "30 07 02 01 01 42 00 8a 05",
     "an unknown element is longer than what holds it"},
    {"filter_of_universal_class", "RFC 4511, 4.5.1.7",
     "30 1a 02 01 01 63 15 04 00 0a 01 00 0a 01 00 02 01 00 02 01 00 01 01 00 04 00 30 00",
     "no filter has the tag 0x04"},
};

TEST(LberDifferences, AreWhereAClauseMakesUsStricter) {
  for (const StricterRow& row : kStricter) {
    SCOPED_TRACE(row.name);
    const std::string bytes = octets(row.bytes);
    const auto read = parse_ldap_message(bytes);
    ASSERT_TRUE(std::holds_alternative<Malformed>(read)) << row.clause;
    EXPECT_EQ(std::get<Malformed>(read).why, row.why) << row.clause;
    EXPECT_TRUE(read_by_lber(bytes)) << "not a difference any more";
  }
}

// The other way round liblber has limits that LDAP does not: 32 bits a number, 8 octets a length.
TEST(LberDifferences, AreWhereLiblberHasLimitsOfItsOwn) {
  for (const char* bytes : {"30 10 02 01 01 65 0b 0a 05 01 00 00 00 00 04 00 04 00",
                            "30 89 00 00 00 00 00 00 00 00 05 02 01 01 42 00"}) {
    EXPECT_TRUE(std::holds_alternative<ParsedLdap>(parse_ldap_message(octets(bytes)))) << bytes;
    EXPECT_FALSE(read_by_lber(octets(bytes))) << bytes;
  }
}

TEST(LberDifferences, AreNoneWhereBothRefuse) {
  for (const char* bytes :
       {"30 80 02 01 01 42 00 00 00", "30 09 02 01 01 62 80 00 00", "30 ff 02 01 01 42 00",
        "30 06 02 01 01 42 01", "30 00", "30 05 02 09"}) {
    EXPECT_FALSE(std::holds_alternative<ParsedLdap>(parse_ldap_message(octets(bytes)))) << bytes;
    EXPECT_FALSE(read_by_lber(octets(bytes))) << bytes;
  }
}

#endif

}  // namespace
}  // namespace startle::wire
