#include "fake-servers/binding_for_test.h"

#include <gtest/gtest.h>

#include "fake-servers/chain_for_test.h"
#include "fake-servers/ldap/server.h"
#include "fake-servers/raw_client_for_test.h"
#include "fake-servers/submission_for_test.h"
#include "harness/client/ldap_client.h"
#include "harness/net/memory.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using net::Task;

// Who asks for another host than he is told to was referred to it.
class ServingConnector final : public net::Connector {
 public:
  ServingConnector(net::World& world, const Binding& binding, Observation& seen)
      : world_(world), binding_(binding), seen_(seen) {}
  Task<net::ConnectResult> connect(std::string host, std::uint16_t, net::Instant) override {
    net::StreamPair pair = net::make_memory_pair(world_);
    world_.spawn(host == binding_.settings.host
                     ? serve(world_, std::move(pair.server), binding_.server, seen_)
                     : serve_referred(world_, std::move(pair.server), binding_.server, seen_));
    co_return net::ConnectResult{.stream = std::move(pair.client)};
  }

 private:
  net::World& world_;
  const Binding& binding_;
  Observation& seen_;
};

Task<void> use(net::World& world, net::Connector& connector, const client::Settings& settings,
               client::Outcome& into) {
  const client::Decisions decisions;
  into = co_await client::bind_and_search(world, connector, settings, decisions);
}

}  // namespace

Binding binding_for_test(words::Mode mode, Script script) {
  Binding made{.server = ldap_server_for_test(std::move(script))};
  made.server.mode = mode;
  made.server.directory.referral = "ldap://elsewhere.test/";
  made.settings = {.mode = mode,
                   .host = certs::kTestHost,
                   .username = kUserDn,
                   .password = kCanary,
                   .trust = certs::kTestHost,
                   .trust_model = words::TrustModel::pkix,
                   .store = chain_called("valid").anchors};
  return made;
}

Bound bind(const Binding& binding) {
  Bound result;
  net::MemoryWorld world;
  ServingConnector connector(world, binding, result.seen);
  world.spawn(use(world, connector, binding.settings, result.outcome));
  EXPECT_TRUE(world.run(24h)) << "somebody waits for ever:\n" << dialogue_of(result.seen);
  EXPECT_EQ(
      violations(result.seen, {.mode = binding.settings.mode, .secret = binding.server.secret}),
      std::vector<words::Invariant>{})
      << dialogue_of(result.seen);
  if (words::is_success(result.outcome.ending)) {
    EXPECT_EQ(result.seen.delivered, 1U) << "a success that the server knows nothing of";
  }
  return result;
}

}  // namespace startle::fake
