#include "cases/program/real_exchange_for_test.h"

#include <gtest/gtest.h>

#include "cases/engine/catalogue_for_test.h"
#include "harness/base/process_for_test.h"
#include "harness/net/tcp.h"
#include "harness/subject/subject.h"
#include "harness/tls/clock.h"

namespace startle::cases {
namespace {

using namespace std::chrono_literals;

const std::string kHost = "server.example.test";

certs::Mint& mint() {
  static certs::Mint mint(
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  return mint;
}

net::Task<void> use(net::World& world, net::Connector& connector, client::Settings settings,
                    client::Outcome& outcome) {
  const auto subject = subject::make_subject("builtin");
  const subject::ExchangeRequest request{.connector = connector, .settings = settings};
  subject::ExchangeResult result = co_await subject->exchange(world, request);
  outcome = std::move(result.outcome);
}

}  // namespace

std::shared_ptr<const certs::Chain> chain_of(const std::string& recipe) {
  return chain_of(recipe, kHost);
}

std::shared_ptr<const certs::Chain> chain_of(const std::string& recipe, const std::string& host) {
  return mint().chain(tree_catalogue().recipe(recipe), host);
}

client::Settings settings_for(words::Mode mode) {
  return {.mode = mode,
          .host = kHost,
          .trust = kHost,
          .store = chain_of("valid")->anchors,
          .timeouts = client::Timeouts::all(10s)};
}

client::Outcome exchange(const client::Settings& settings, const RealServer& server) {
  tls::set_run_clock(mint().clock());
  const std::uint16_t port =
      words::is_implicit_tls(settings.mode) ? server.tls_port() : server.starttls_port();
  client::Outcome outcome;
  // slapd 2.5 counts a search as outstanding until some time after it has sent the end of it, and
  // then refuses StartTLS for it (RFC 4511, 4.14.1), which says nothing about the client. On a busy
  // machine that is the time until its thread is given a core again, and many tries.
  const auto until = std::chrono::steady_clock::now() + kPatience;
  do {
    net::RealWorld world;
    net::FixedConnector connector(world, {.address = "127.0.0.1", .port = port});
    outcome = {};
    world.spawn(use(world, connector, settings, outcome));
    EXPECT_TRUE(world.run(world.now() + 60s)) << "hung";
  } while (outcome.reply.find("operations are outstanding") != std::string::npos &&
           std::chrono::steady_clock::now() < until);
  return outcome;
}

}  // namespace startle::cases
