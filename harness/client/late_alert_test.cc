// A server that demands a certificate from a client that has none: the reason is told as such, in
// both protocols, and is no lost connection.

#include <gtest/gtest.h>

#include "harness/client/ldap_client.h"
#include "harness/client/smtp_client.h"
#include "harness/net/memory.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/clock.h"
#include "harness/tls/demanding_server_for_test.h"

namespace startle::client {
namespace {

using net::Task;

constexpr const char* kHost = "mail.example.test";

Task<void> serve(net::Acceptor& acceptor, const tls::ServerCredentials& credentials) {
  const auto stream = co_await acceptor.accept();
  co_await tls::demand_certificate(*stream, credentials);
}

Task<void> use(net::World& world, net::Connector& connector, const Settings& settings,
               Outcome& outcome) {
  const Decisions decisions;
  if (words::protocol_of(settings.mode) == words::Protocol::ldap) {
    outcome = co_await bind_and_search(world, connector, settings, decisions);
  } else {
    outcome = co_await submit(world, connector, settings, decisions);
  }
}

TEST(LateAlert, TellsThatTheServerDemandsACertificate) {
  tls::use_run_clock();
  tls::set_run_clock(std::chrono::sys_days{std::chrono::year{2030} / 6 / 15});
  const tls::ServerCredentials credentials({tls::self_signed({.dns_names = {kHost}})},
                                           tls::key_for_test());
  for (const words::Mode mode : {words::Mode::smtps, words::Mode::ldaps}) {
    SCOPED_TRACE(word(mode));
    const Settings settings{
        .mode = mode, .host = kHost, .username = "user", .password = "canary", .trust = kHost};
    net::MemoryWorld world;
    net::MemoryListener listener(world);
    Outcome outcome;
    world.spawn(serve(listener, credentials));
    world.spawn(use(world, listener, settings, outcome));
    ASSERT_TRUE(world.run());
    EXPECT_EQ(word(outcome.ending), "handshake-failure");
    EXPECT_EQ(outcome.sentence,
              "the peer sent the alert certificate_required at the end of the handshake");
    EXPECT_EQ(outcome.alert_received, "certificate_required");
  }
}

}  // namespace
}  // namespace startle::client
