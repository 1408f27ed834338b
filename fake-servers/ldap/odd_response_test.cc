// What no well-behaved server of LDAP says, and a script can: words before any request, ids, values
// and controls out of place, octets that are no encoding of ours.

#include <gtest/gtest.h>

#include "fake-servers/ldap/response.h"
#include "fake-servers/raw_client_for_test.h"
#include "harness/base/bytes.h"

namespace startle::fake {
namespace {

// StartTLS and a bind, with the ids 1 and 2.
Talk talk_with(Point point, std::vector<Step> steps) {
  const wire::LdapExtendedRequest starttls{.name = std::string(wire::kStartTlsOid)};
  return talk(ldap_server_for_test({.deviations = {{.at = point, .steps = std::move(steps)}}}),
              {request(1, starttls), kHandshake, request(2, simple_bind(kUserDn, kCanary))});
}

wire::LdapMessage only_message(const std::string& heard) {
  auto parsed = wire::parse_ldap_message(heard);
  auto* whole = std::get_if<wire::ParsedLdap>(&parsed);
  EXPECT_TRUE(whole != nullptr && whole->consumed == heard.size());
  return whole == nullptr ? wire::LdapMessage{} : std::move(whole->message);
}

TEST(LdapOddResponse, MayComeBeforeAnyRequest) {
  const std::string usual = talk_with(Point::unbind, {Usual{}}).transcript;
  EXPECT_EQ(talk_with(Point::greeting, {Respond{.as = "bind-response", .id = 2}}).transcript,
            "S: 2 bind-response: success (0)\n" + usual);
  EXPECT_EQ(talk_with(Point::greeting, {Usual{}}).transcript, usual);
  EXPECT_TRUE(talk_with(Point::greeting, {Close{}}).transcript.starts_with("S: (closes)\n"));
}

TEST(LdapOddResponse, HasItsValueControlsAndAnyId) {
  const Respond odd{.id = 2147483647,
                    .diagnostic = "ab",
                    .diagnostic_size = 5,
                    .value = "v",
                    .controls = {{"1.2", true}, {"1.3", false}}};
  const wire::LdapMessage full = only_message(talk_with(Point::starttls, {odd, Close{}}).heard);
  EXPECT_EQ(full.id, 2147483647);
  const auto& extended = std::get<wire::LdapExtendedResponse>(full.operation);
  EXPECT_EQ(extended.value, "v");
  EXPECT_EQ(extended.result.diagnostic, "ababa");
  const std::vector<wire::LdapControl> controls{{.type = "1.2", .critical = true}, {.type = "1.3"}};
  EXPECT_EQ(full.controls, controls);
}

TEST(LdapOddResponse, OctetsHoldTheIdOfTheRequest) {
  EXPECT_EQ(scripted_octets("30 05ff ID ID+2", 4), "\x30\x05\xff\x04\x06");
  EXPECT_EQ(scripted_octets("", 1), "");
  EXPECT_EQ(scripted_octets("ID", 127), "\x7f");
  EXPECT_EQ(scripted_octets("ID", 128), std::nullopt);
  const auto message = [](std::int64_t id) {
    return to_hex(scripted_octets("30 0c 02 01 ID 7e 00", id).value_or(""));
  };
  EXPECT_EQ(message(127), "300c02017f7e00");
  EXPECT_EQ(message(128), "300d020200807e00");
  EXPECT_EQ(message(255), "300d020200ff7e00");
  EXPECT_EQ(message(32767), "300d02027fff7e00");
  EXPECT_EQ(message(32768), "300e02030080007e00");
  EXPECT_EQ(scripted_octets("30 7f 02 01 ID", 128), std::nullopt) << "its length has no room";
  for (const char* bad : {"3", "xx", "ID2", "ID+", "ID+x", "id", "ID-1", "ID+127"}) {
    EXPECT_EQ(scripted_octets(bad, 1), std::nullopt) << bad;
  }
  const Respond refusal{.bytes = "30 0c 02 01 ID 78 07 0a 01 02 04 00 04 00"};
  const wire::LdapMessage said = only_message(talk_with(Point::starttls, {refusal, Close{}}).heard);
  EXPECT_EQ(said.id, 1);
  EXPECT_EQ(std::get<wire::LdapExtendedResponse>(said.operation).result.code, 2);
}

}  // namespace
}  // namespace startle::fake
