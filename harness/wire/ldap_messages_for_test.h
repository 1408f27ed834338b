#pragma once
// Messages for tests: one of each operation and of everything optional in it, and bytes in hex.

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/bytes.h"
#include "harness/wire/ldap_message.h"

namespace startle::wire {

// "30 05 02 01": octets in hex, with spaces where they help.
inline std::string octets(std::string_view hex) {
  std::string digits(hex);
  std::erase(digits, ' ');
  return from_hex(digits).value();
}

// For googletest's complaints.
inline void PrintTo(const Malformed& malformed, std::ostream* out) {
  *out << "at " << malformed.offset << ": " << malformed.why;
}
inline void PrintTo(const ParsedLdap& parsed, std::ostream* out) {
  *out << parsed.consumed << " octets: " << to_hex(written(parsed.message));
}

struct LdapMessageRow {
  const char* name;
  LdapMessage message;
};

// Each filter, attribute and string is legal, so that any strict reader takes them all.
inline std::vector<LdapMessageRow> ldap_message_rows() {
  const std::string present = octets("87 0b") + "objectClass";
  const std::string starttls(kStartTlsOid);
  const std::string notice(kNoticeOfDisconnectionOid);
  const auto result = [](std::int64_t code) { return LdapResult{.code = code}; };
  return {
      {"bind_anonymous", {1, LdapBindRequest{}}},
      {"bind_simple", {2, LdapBindRequest{3, "cn=alice,dc=x", SimpleBind{"s3cret"}}}},
      {"bind_version_2", {3, LdapBindRequest{2, "", SimpleBind{}}}},
      {"bind_password_of_any_octets",
       {4, LdapBindRequest{3, "cn=a", SimpleBind{std::string("\0\xff\x04", 3)}}}},
      {"bind_external", {5, LdapBindRequest{3, "", SaslBind{"EXTERNAL", {}}}}},
      {"bind_external_empty_identity", {6, LdapBindRequest{3, "", SaslBind{"EXTERNAL", ""}}}},
      {"bind_plain", {7, LdapBindRequest{3, "", SaslBind{"PLAIN", std::string("\0alice\0pw", 9)}}}},
      {"bind_sicily", {8, LdapBindRequest{3, "", OtherBind{0x8a, "NTLMSSP"}}}},
      {"bind_response", {9, LdapBindResponse{}}},
      {"bind_response_refused", {10, LdapBindResponse{{49, "dc=x", "no"}, {}}}},
      {"bind_response_sasl", {11, LdapBindResponse{{14, "", ""}, "challenge"}}},
      {"bind_response_referral",
       {12, LdapBindResponse{{10, "", "", {"ldap://a/", "ldaps://b/"}}, ""}}},
      {"unbind", {13, LdapUnbindRequest{}}},
      {"search_root_dse",
       {14, LdapSearchRequest{.filter = present, .attributes = {"supportedExtension", "+"}}}},
      {"search_everything_set",
       {15,
        LdapSearchRequest{
            "dc=x", LdapScope::whole_subtree, 3, 2147483647, 128, true, present, {}}}},
      {"search_single_level",
       {16, LdapSearchRequest{.scope = LdapScope::single_level, .filter = present}}},
      {"entry", {17, LdapSearchEntry{"cn=a", {{"cn", {"a", "A"}}, {"jpegPhoto", {"\xff\xd8"}}}}}},
      {"entry_without_attributes", {18, LdapSearchEntry{"", {}}}},
      {"entry_without_values", {19, LdapSearchEntry{"cn=a", {{"cn", {}}, {"sn", {""}}}}}},
      {"reference", {20, LdapSearchReference{{"ldap://b/dc=x??sub"}}}},
      {"search_done", {21, LdapSearchDone{result(32)}}},
      {"starttls", {22, LdapExtendedRequest{starttls, {}}}},
      {"extended_request_with_value", {23, LdapExtendedRequest{"1.2.3", "v"}}},
      {"starttls_response", {24, LdapExtendedResponse{{}, starttls, {}}}},
      {"starttls_response_without_name", {25, LdapExtendedResponse{}}},
      {"whoami_response", {26, LdapExtendedResponse{{}, {}, "dn:cn=alice"}}},
      {"notice_of_disconnection", {0, LdapExtendedResponse{{52, "", "bye"}, notice, {}}}},
      {"intermediate_empty", {27, LdapIntermediateResponse{}}},
      {"intermediate", {28, LdapIntermediateResponse{"1.2", "x"}}},
      {"abandon", {29, LdapAbandonRequest{28}}},
      {"abandon_highest_id", {30, LdapAbandonRequest{2147483647}}},
      {"modify", {31, LdapOtherOperation{0x66, octets("04 00 30 00")}}},
      {"delete", {32, LdapOtherOperation{0x4a, "cn=a"}}},
      {"an_operation_to_come", {33, LdapOtherOperation{0x5e, "x"}}},
      {"id_of_two_octets", {128, LdapUnbindRequest{}}},
      {"id_of_four_octets", {2147483647, LdapUnbindRequest{}}},
      {"code_118", {34, LdapExtendedResponse{result(118), {}, {}}}},
      {"code_of_17_bits", {35, LdapExtendedResponse{result(65536), {}, {}}}},
      {"code_of_33_bits", {36, LdapExtendedResponse{result(4294967296), {}, {}}}},
      {"code_below_zero", {37, LdapBindResponse{result(-1), {}}}},
      {"code_highest", {38, LdapSearchDone{result(INT64_MAX)}}},
      {"code_lowest", {39, LdapSearchDone{result(INT64_MIN)}}},
      {"string_of_127", {40, LdapSearchDone{{0, "", std::string(127, 'd')}}}},
      {"string_of_128", {41, LdapSearchDone{{0, "", std::string(128, 'd')}}}},
      {"string_of_70000", {42, LdapSearchDone{{0, "", std::string(70000, 'd')}}}},
      {"control", {43, LdapUnbindRequest{}, {{"1.2.3", false, {}}}}},
      {"controls",
       {44,
        LdapSearchDone{},
        {{"1.2.840.113556.1.4.319", true, octets("30 05 02 01 00 04 00")}, {"1.2", false, ""}}}},
  };
}

}  // namespace startle::wire
