#include "cases/program/bench/first_look.h"

#include <algorithm>
#include <string>
#include <utility>

#include "harness/net/host_connector.h"
#include "harness/net/world.h"
#include "harness/subject/subject.h"

namespace startle::program {
namespace {

// Keeps the address that was connected to.
class NotingConnector final : public net::Connector {
 public:
  NotingConnector(net::RealWorld& world, FirstLook& look) : inner_(world), look_(look) {}

  net::Task<net::ConnectResult> connect(std::string host, std::uint16_t port,
                                        net::Instant deadline) override {
    net::ConnectResult result = co_await inner_.connect(std::move(host), port, deadline);
    const auto connected =
        std::ranges::find(result.attempts, net::AttemptEnd::connected, &net::Attempt::end);
    if (connected != result.attempts.end()) look_.at = connected->to;
    co_return result;
  }

 private:
  net::HostConnector inner_;
  FirstLook& look_;
};

net::Task<void> meet(net::World& world, const subject::Subject& client,
                     const subject::ExchangeRequest& asked, FirstLook& look) {
  subject::ExchangeResult result = co_await client.exchange(world, asked);
  look.seen = std::move(result.outcome);
}

}  // namespace

FirstLook look_at(const client::Settings& settings) {
  FirstLook look;
  net::RealWorld world;
  NotingConnector connector(world, look);
  client::Settings told = settings;
  told.stop_after = client::StopAfter::tls;
  const auto client = subject::make_subject("builtin");
  const subject::ExchangeRequest asked{.connector = connector, .settings = told};
  world.spawn(meet(world, *client, asked, look));
  world.run();
  world.abandon();
  return look;
}

}  // namespace startle::program
