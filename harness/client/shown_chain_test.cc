// The certificates that an Outcome says were shown: what the server sent, byte for byte, whatever
// came of it.

#include <gtest/gtest.h>

#include "harness/client/ldap_client.h"
#include "harness/client/smtp_client.h"
#include "harness/net/memory.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/clock.h"
#include "harness/tls/session.h"

namespace startle::client {
namespace {

using net::Task;
using words::Mode;
using Certificates = std::vector<std::string>;

constexpr const char* kHost = "mail.example.test";

// Its part is over with the handshake.
Task<void> serve(net::Acceptor& acceptor, const Certificates& sent, tls::Versions versions) {
  const auto stream = co_await acceptor.accept();
  if (!stream) co_return;
  const auto session = tls::Session::server(
      *stream, std::make_shared<const tls::ServerCredentials>(sent, tls::key_for_test()),
      {.versions = versions});
  co_await session->handshake();
  co_await session->close_notify();
}

Task<void> say_no_tls(net::Acceptor& acceptor) {
  const auto stream = co_await acceptor.accept();
  co_await stream->write("554 no TLS here\r\n");
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

// `sent`: null for a server that speaks no TLS.
Outcome run(Mode mode, const char* trust, const Certificates* sent,
            tls::Versions versions = tls::Versions::all) {
  static const bool once = (tls::use_run_clock(), true);
  if (once) tls::set_run_clock(std::chrono::sys_days{std::chrono::year{2030} / 6 / 15});
  const Settings settings{
      .mode = mode, .host = kHost, .username = "user", .password = "canary", .trust = trust};
  net::MemoryWorld world;
  net::MemoryListener listener(world);
  Outcome outcome;
  world.spawn(sent == nullptr ? say_no_tls(listener) : serve(listener, *sent, versions));
  world.spawn(use(world, listener, settings, outcome));
  world.run();
  return outcome;
}

TEST(ShownChain, IsWhatTheServerSent) {
  const std::string end_entity = tls::self_signed({.dns_names = {kHost}});
  const std::string other = tls::self_signed({.common_name = "other"});
  struct Row {
    const char* name;
    const char* trust;
    Certificates sent;
    const char* ending;  // "": whatever
  };
  const Row rows[] = {
      {"accepted", kHost, {end_entity}, "connection-lost"},
      {"refused", "elsewhere.example.test", {end_entity}, "certificate-host-mismatch"},
      {"more than one, in their order",
       "elsewhere.example.test",
       {end_entity, other, other},
       "certificate-host-mismatch"},
      {"one that cannot be read", kHost, {"no certificate"}, "handshake-failure"},
      {"one behind it that cannot be read", kHost, {end_entity, "none"}, ""},
  };
  for (const Row& row : rows) {
    for (const Mode mode : {Mode::smtps, Mode::ldaps}) {
      for (const tls::Versions versions : {tls::Versions::all, tls::Versions::tls_1_2}) {
        SCOPED_TRACE(std::string(row.name) + ", " + std::string(word(mode)) +
                     (versions == tls::Versions::all ? ", TLS 1.3" : ", TLS 1.2"));
        const Outcome outcome = run(mode, row.trust, &row.sent, versions);
        if (*row.ending != '\0') {
          EXPECT_EQ(word(outcome.ending), row.ending) << outcome.sentence;
        }
        EXPECT_EQ(outcome.shown_chain, row.sent);
      }
    }
  }
}

TEST(ShownChain, IsEmptyWhereNoCertificateCame) {
  for (const Mode mode : {Mode::smtps, Mode::ldaps}) {
    SCOPED_TRACE(word(mode));
    const Outcome outcome = run(mode, kHost, nullptr);
    EXPECT_EQ(word(outcome.ending), "protocol-error") << outcome.sentence;
    EXPECT_EQ(outcome.shown_chain, Certificates{});
  }
}

}  // namespace
}  // namespace startle::client
