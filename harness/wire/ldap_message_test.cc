#include "harness/wire/ldap_message.h"

#include <gtest/gtest.h>

#include "harness/base/bytes.h"

namespace startle::wire {
namespace {

LdapMessage message(LdapOperation operation) {
  return {.id = 7, .operation = std::move(operation)};
}

const LdapMessage kMessages[] = {
    message(LdapBindRequest{.name = "cn=a", .authentication = SimpleBind{"pw"}}),
    message(LdapBindRequest{.authentication = SaslBind{"EXTERNAL", ""}}),
    message(LdapBindResponse{.result = {49, "", "no"}, .server_credentials = "c"}),
    message(LdapUnbindRequest{}),
    message(LdapSearchRequest{.filter = "\x87\x0bobjectClass", .attributes = {"*", "+"}}),
    message(LdapSearchEntry{"cn=a", {{"cn", {"a", "b"}}, {"mail", {}}}}),
    message(LdapSearchReference{{"ldap://a"}}),
    message(LdapSearchDone{{10, "dc=x", "", {"ldap://a", "ldap://b"}}}),
    message(LdapExtendedRequest{.name = std::string(kStartTlsOid)}),
    message(LdapExtendedResponse{{65536, "", ""}, std::string(kStartTlsOid), ""}),
    message(LdapIntermediateResponse{.value = std::string(300, 'x')}),
    message(LdapAbandonRequest{2147483647}),
    message(LdapOtherOperation{0x66, "\x04"}),
};

TEST(LdapMessage, IsReadAsItWasWritten) {
  for (const LdapMessage& row : kMessages) {
    SCOPED_TRACE(ldap_operation_text(row.operation));
    for (const auto lengths : {BerLengths::shortest, BerLengths::four_octets}) {
      const std::string bytes = written(row, lengths);
      const auto read = parse_ldap_message(bytes + "0");
      ASSERT_TRUE(std::holds_alternative<ParsedLdap>(read)) << to_hex(bytes);
      EXPECT_EQ(std::get<ParsedLdap>(read).message, row);
      EXPECT_EQ(std::get<ParsedLdap>(read).consumed, bytes.size());
    }
  }
}

}  // namespace
}  // namespace startle::wire
