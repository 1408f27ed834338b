// The listener that a referral names: it has no TLS, takes what it is given, and tells of it.

#include <gtest/gtest.h>

#include "fake-servers/dialogue/violations.h"
#include "fake-servers/ldap/server.h"
#include "fake-servers/raw_client_for_test.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;
using words::Invariant;

Observation referred(const Lines& says) {
  Observation seen;
  net::MemoryWorld world;
  net::StreamPair pair = net::make_memory_pair(world);
  const Server server = ldap_server_for_test();
  world.spawn(serve_referred(world, std::move(pair.server), server, seen));
  for (const std::string& what : says) pair.client->write_now(what);
  pair.client->close();
  EXPECT_TRUE(world.run(1h));
  return seen;
}

struct Row {
  const char* name;
  Lines says;
  Lines commands;
  std::vector<Invariant> violated;
};

TEST(LdapReferral, TheTargetTellsWhatItIsGiven) {
  using enum Invariant;
  const wire::LdapExtendedRequest starttls{.name = std::string(wire::kStartTlsOid)};
  for (const Row& row :
       {Row{"a visit", {}, {}, {}},
        {"a question for TLS",
         {request(1, starttls)},
         {"extended 1.3.6.1.4.1.1466.20037 (StartTLS)"},
         {}},
        {"a search",
         {request(1, search_for("dc=example,dc=test", wire::LdapScope::base_object))},
         {"search \"dc=example,dc=test\" (base)"},
         {payload_in_clear}},
        {"the secret",
         {request(1, simple_bind(kUserDn, kCanary))},
         {"bind \"" + kUserDn + "\" (simple)"},
         {secret_in_clear, payload_in_clear}}}) {
    const Observation seen = referred(row.says);
    EXPECT_EQ(seen.referred_connections, 1U) << row.name;
    EXPECT_EQ(seen.connections, 0U) << row.name;
    EXPECT_EQ(seen.referred_commands, row.commands) << row.name;
    EXPECT_EQ(seen.clear_commands, Lines{}) << row.name;
    EXPECT_EQ(
        violations(seen, {.mode = words::Mode::ldap_starttls, .secret = kCanary}, kLdapProtocol),
        row.violated)
        << row.name;
  }
}

TEST(LdapReferral, TheTargetTakesPasswordsAndHasNoTls) {
  const Observation seen =
      referred({request(1, {wire::LdapExtendedRequest{std::string(wire::kStartTlsOid), {}}}),
                request(2, simple_bind(kUserDn, kCanary))});
  EXPECT_EQ(
      lines_of(seen),
      (Lines{"referred C: extended 1.3.6.1.4.1.1466.20037 (StartTLS)",
             "referred S: extended-response: protocolError (2), unsupported extended operation",
             "referred C: bind \"" + kUserDn + "\" (simple)",
             "referred S: bind-response: success (0)"}));
}

}  // namespace
}  // namespace startle::fake
