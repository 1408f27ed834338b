#include "harness/wire/ldap_message.h"

#include <gtest/gtest.h>

#include "harness/wire/ldap_messages_for_test.h"

namespace startle::wire {
namespace {

using Parsed = std::variant<ParsedLdap, NeedMore, Malformed>;

class LdapMessages : public testing::TestWithParam<LdapMessageRow> {};

TEST_P(LdapMessages, AreReadAsTheyAreWrittenAndNotAnOctetFurther) {
  for (const BerLengths lengths : {BerLengths::shortest, BerLengths::four_octets}) {
    const std::string bytes = written(GetParam().message, lengths);
    const Parsed expected = ParsedLdap{GetParam().message, bytes.size()};
    EXPECT_EQ(parse_ldap_message(bytes), expected);
    EXPECT_EQ(parse_ldap_message(bytes + "\x30"), expected);
    EXPECT_EQ(parse_ldap_message(bytes + bytes), expected);
  }
}

TEST_P(LdapMessages, NeedMoreUntilTheirLastOctet) {
  for (const BerLengths lengths : {BerLengths::shortest, BerLengths::four_octets}) {
    const std::string bytes = written(GetParam().message, lengths);
    const std::size_t step = 1 + bytes.size() / 400;
    for (std::size_t cut = 0; cut < bytes.size(); cut += step) {
      EXPECT_EQ(parse_ldap_message(std::string_view(bytes).substr(0, cut)), Parsed(NeedMore{}))
          << cut;
    }
  }
}

TEST_P(LdapMessages, MayFillTheLimitExactly) {
  const std::string bytes = written(GetParam().message);
  const Parsed expected = ParsedLdap{GetParam().message, bytes.size()};
  EXPECT_EQ(parse_ldap_message(bytes, bytes.size()), expected);
  const Parsed longer = parse_ldap_message(bytes, bytes.size() - 1);
  ASSERT_TRUE(std::holds_alternative<Malformed>(longer));
  EXPECT_EQ(std::get<Malformed>(longer).why,
            "a message is longer than " + std::to_string(bytes.size() - 1) + " octets");
}

INSTANTIATE_TEST_SUITE_P(, LdapMessages, testing::ValuesIn(ldap_message_rows()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(LdapMessage, IsWrittenOctetByOctetAsRfc4511Says) {
  struct Row {
    LdapMessage message;
    std::string bytes;
  };
  const Row rows[] = {
      {{1, LdapExtendedRequest{std::string(kStartTlsOid), {}}},
       octets("30 1d 02 01 01 77 18 80 16") + std::string(kStartTlsOid)},
      {{2, LdapBindRequest{3, "cn=a", SimpleBind{"pw"}}},
       octets("30 12 02 01 02 60 0d 02 01 03 04 04") + "cn=a" + octets("80 02") + "pw"},
      {{3, LdapBindRequest{3, "", SaslBind{"EXTERNAL", ""}}},
       octets("30 18 02 01 03 60 13 02 01 03 04 00 a3 0c 04 08") + "EXTERNAL" + octets("04 00")},
      {{4, LdapUnbindRequest{}}, octets("30 05 02 01 04 42 00")},
      {{5, LdapAbandonRequest{4}}, octets("30 06 02 01 05 50 01 04")},
      {{6, LdapBindResponse{{}, "c"}},
       octets("30 0f 02 01 06 61 0a 0a 01 00 04 00 04 00 87 01 63")},
      {{7, LdapSearchDone{{10, "", "", {"u"}}}},
       octets("30 11 02 01 07 65 0c 0a 01 0a 04 00 04 00 a3 03 04 01 75")},
      {{128, LdapUnbindRequest{}, {{"1", true, "v"}}},
       octets("30 13 02 02 00 80 42 00 a0 0b 30 09 04 01 31 01 01 ff 04 01 76")},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(to_hex(written(row.message)), to_hex(row.bytes));
  }
}

TEST(LdapMessage, HasLengthsOfFourOctetsWhereActiveDirectoryHasThem) {
  EXPECT_EQ(to_hex(written({1, LdapExtendedResponse{}}, BerLengths::four_octets)),
            "308400000010020101788400000007"
            "0a010004000400");
}

TEST(LdapMessage, IsWrittenHoweverWrongItIs) {
  EXPECT_EQ(to_hex(written({-1, LdapUnbindRequest{}})), "30050201ff4200");
  EXPECT_EQ(to_hex(written({2147483648, LdapUnbindRequest{}})),
            "300902050080000000"
            "4200");
  EXPECT_EQ(to_hex(written({1, LdapSearchReference{}})), "30050201017300");
  const auto scope = static_cast<LdapScope>(9);
  EXPECT_EQ(to_hex(written({1, LdapSearchRequest{.scope = scope, .dereference = 300}})),
            "3019020101631404000a01090a02012c0201000201000101003000");
}

struct TakenRow {
  const char* name;
  const char* bytes;
  LdapMessage message;
};

// Legal, and no writer of ours makes it so.
const TakenRow kTaken[] = {
    {"lengths_in_every_long_form",
     "30 81 0a 02 82 00 01 01 42 83 00 00 00",
     {1, LdapUnbindRequest{}}},
    {"length_of_nine_octets",
     "30 89 00 00 00 00 00 00 00 00 05 02 01 01 42 00",
     {1, LdapUnbindRequest{}}},
    {"unknown_element_behind_the_operation",
     "30 08 02 01 01 42 00 8a 01 78",
     {1, LdapUnbindRequest{}}},
    {"unknown_element_behind_the_controls",
     "30 0a 02 01 01 42 00 a0 00 85 01 78",
     {1, LdapUnbindRequest{}}},
    {"unknown_element_of_a_high_tag",
     "30 0a 02 01 01 42 00 9f 81 01 01 78",
     {1, LdapUnbindRequest{}}},
    {"unknown_element_behind_a_result",
     "30 0f 02 01 01 65 0a 0a 01 00 04 00 04 00 8f 01 00",
     {1, LdapSearchDone{}}},
    {"unknown_element_behind_a_password",
     "30 10 02 01 01 60 0b 02 01 03 04 00 80 01 70 84 01 00",
     {1, LdapBindRequest{3, "", SimpleBind{"p"}}}},
    {"unknown_element_behind_sasl",
     "30 12 02 01 01 60 0d 02 01 03 04 00 a3 06 04 01 58 82 01 00",
     {1, LdapBindRequest{3, "", SaslBind{"X", {}}}}},
    {"unknown_element_behind_an_attribute",
     "30 13 02 01 01 64 0e 04 00 30 0a 30 08 04 01 61 31 00 80 01 00",
     {1, LdapSearchEntry{"", {{"a", {}}}}}},
    {"unknown_element_in_a_control",
     "30 12 02 01 01 42 00 a0 0b 30 09 04 01 31 04 01 76 80 01 00",
     {1, LdapUnbindRequest{}, {{"1", false, "v"}}}},
    {"criticality_stated_as_false",
     "30 0f 02 01 01 42 00 a0 08 30 06 04 01 31 01 01 00",
     {1, LdapUnbindRequest{}, {{"1", false, {}}}}},
    {"controls_without_any", "30 07 02 01 01 42 00 a0 00", {1, LdapUnbindRequest{}}},
    {"referral_with_success",
     "30 11 02 01 01 65 0c 0a 01 00 04 00 04 00 a3 03 04 01 75",
     {1, LdapSearchDone{{0, "", "", {"u"}}}}},
    {"code_referral_without_uris",
     "30 0c 02 01 01 65 07 0a 01 0a 04 00 04 00",
     {1, LdapSearchDone{{10}}}},
};

TEST(LdapMessage, IsTakenAsRfc4511LetsItBe) {
  for (const TakenRow& row : kTaken) {
    const std::string bytes = octets(row.bytes);
    EXPECT_EQ(parse_ldap_message(bytes), Parsed(ParsedLdap{row.message, bytes.size()})) << row.name;
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      EXPECT_EQ(parse_ldap_message(bytes.substr(0, cut)), Parsed(NeedMore{})) << row.name << cut;
    }
  }
}

TEST(LdapMessage, NamesItsResultCode) {
  EXPECT_EQ(ldap_code_text(0), "success (0)");
  EXPECT_EQ(ldap_code_text(13), "confidentialityRequired (13)");
  EXPECT_EQ(ldap_code_text(118), "canceled (118)");
  EXPECT_EQ(ldap_code_text(4096), "e-syncRefreshRequired (4096)");
  EXPECT_EQ(ldap_code_text(9), "unknown (9)");
  EXPECT_EQ(ldap_code_text(65536), "unknown (65536)");
  EXPECT_EQ(ldap_code_text(-1), "unknown (-1)");
}

TEST(LdapMessage, NamesItsOperation) {
  EXPECT_EQ(ldap_operation_text(LdapBindRequest{}), "bind-request");
  EXPECT_EQ(ldap_operation_text(LdapBindResponse{}), "bind-response");
  EXPECT_EQ(ldap_operation_text(LdapUnbindRequest{}), "unbind-request");
  EXPECT_EQ(ldap_operation_text(LdapSearchRequest{}), "search-request");
  EXPECT_EQ(ldap_operation_text(LdapSearchEntry{}), "search-entry");
  EXPECT_EQ(ldap_operation_text(LdapSearchReference{}), "search-reference");
  EXPECT_EQ(ldap_operation_text(LdapSearchDone{}), "search-done");
  EXPECT_EQ(ldap_operation_text(LdapExtendedRequest{}), "extended-request");
  EXPECT_EQ(ldap_operation_text(LdapExtendedResponse{}), "extended-response");
  EXPECT_EQ(ldap_operation_text(LdapIntermediateResponse{}), "intermediate-response");
  EXPECT_EQ(ldap_operation_text(LdapAbandonRequest{}), "abandon-request");
  EXPECT_EQ(ldap_operation_text(LdapOtherOperation{0x66, ""}), "operation 0x66");
}

TEST(LdapMessage, HandsOutTheResultThatItsOperationCarries) {
  const LdapResult busy{.code = kLdapBusy};
  for (const LdapOperation& operation :
       {LdapOperation(LdapBindResponse{busy, {}}), LdapOperation(LdapSearchDone{busy}),
        LdapOperation(LdapExtendedResponse{busy, {}, {}})}) {
    ASSERT_NE(ldap_result(operation), nullptr);
    EXPECT_EQ(*ldap_result(operation), busy);
  }
  EXPECT_EQ(ldap_result(LdapSearchEntry{}), nullptr);
  EXPECT_EQ(ldap_result(LdapOtherOperation{0x67, octets("0a 01 00 04 00 04 00")}), nullptr);
}

}  // namespace
}  // namespace startle::wire
