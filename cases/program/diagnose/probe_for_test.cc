#include "cases/program/diagnose/probe_for_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "fake-servers/chain_for_test.h"
#include "fake-servers/protocols.h"
#include "fake-servers/raw_client_for_test.h"
#include "harness/net/memory.h"

namespace startle::program {
namespace {

using namespace std::chrono_literals;
using net::Task;

Task<void> hold(net::World& world, std::unique_ptr<net::Stream> stream, const Server& server) {
  co_await server(world, *stream);
}

class ServingConnector final : public net::Connector {
 public:
  using Serve = std::function<Task<void>(std::unique_ptr<net::Stream>)>;
  ServingConnector(net::World& world, Serve serve) : world_(world), serve_(std::move(serve)) {}

  Task<net::ConnectResult> connect(std::string, std::uint16_t, net::Instant) override {
    ++connections_;
    net::StreamPair pair = net::make_memory_pair(world_);
    world_.spawn(serve_(std::move(pair.server)));
    co_return net::ConnectResult{.stream = std::move(pair.client)};
  }
  std::size_t connections() const { return connections_; }

 private:
  net::World& world_;
  Serve serve_;
  std::size_t connections_ = 0;
};

Task<void> use(net::World& world, net::Connector& connector, const client::Settings& settings,
               Probed& into) {
  into.probe = co_await probe_through(world, connector, settings);
  into.took = world.now();
}

// A server that has been left is nobody's concern.
void meet(net::MemoryWorld& world, ServingConnector& connector, const client::Settings& settings,
          Probed& into) {
  bool over = false;
  world.spawn([](net::World& in, ServingConnector& by, const client::Settings& told, Probed& met,
                 bool& done) -> Task<void> {
    co_await use(in, by, told, met);
    done = true;
    in.stop();
  }(world, connector, settings, into, over));
  world.run(24h);
  EXPECT_TRUE(over) << "the probe waits for ever";
  world.abandon();
  into.connections = connector.connections();
}

}  // namespace

client::Settings user_for_test(words::Mode mode) {
  const bool directory = words::row_of(words::protocol_of(mode)).is_directory;
  return {.mode = mode,
          .host = certs::kTestHost,
          .port = words::row_of(mode).port,
          .username = directory ? fake::kUserDn : fake::kUser,
          .password = fake::kCanary,
          .trust = certs::kTestHost,
          .trust_model = words::TrustModel::pkix,
          .store = fake::chain_called("valid").anchors,
          .sender = fake::kSender,
          .timeouts = client::Timeouts::all(10s)};
}

fake::Server server_of(words::Mode mode, fake::Script script, const std::string& recipe) {
  const bool directory = words::row_of(words::protocol_of(mode)).is_directory;
  fake::Server made = directory ? fake::ldap_server_for_test(std::move(script))
                                : fake::server_for_test(std::move(script));
  const certs::Chain& chain = fake::chain_called(recipe);
  made.mode = mode;
  made.credentials = chain.server;
  made.versions = chain.versions;
  return made;
}

Probed probe_of(const fake::Server& server, const client::Settings& settings) {
  return probe_of(std::vector{server}, settings);
}

Probed probe_of(const std::vector<fake::Server>& servers, const client::Settings& settings) {
  Probed made;
  net::MemoryWorld world;
  std::size_t next = 0;
  ServingConnector connector(world, [&](std::unique_ptr<net::Stream> stream) {
    const fake::Server& server = servers[std::min(next++, servers.size() - 1)];
    return fake::serve(world, std::move(stream), server, made.seen);
  });
  meet(world, connector, settings, made);
  return made;
}

Probed probe_of(const Server& server, const client::Settings& settings) {
  Probed made;
  net::MemoryWorld world;
  ServingConnector connector(world, [&](std::unique_ptr<net::Stream> stream) {
    return hold(world, std::move(stream), server);
  });
  meet(world, connector, settings, made);
  return made;
}

std::string failed_step(const Probe& probe) {
  const auto found = std::ranges::find(probe.steps, StepState::failed, &StepResult::state);
  return found == probe.steps.end() ? "" : std::string(word(found->step));
}

std::string states_of(const Probe& probe) {
  std::string all;
  for (const StepResult& one : probe.steps) {
    all += (all.empty() ? "" : ", ") + std::string(word(one.step)) + " " +
           std::string(word(one.state));
  }
  return all;
}

std::string said(const Probe& probe, Step step) {
  const auto found = std::ranges::find(probe.steps, step, &StepResult::step);
  return found == probe.steps.end() ? "no such step" : found->said;
}

}  // namespace startle::program
