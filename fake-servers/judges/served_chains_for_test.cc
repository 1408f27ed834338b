#include "fake-servers/judges/served_chains_for_test.h"

#include <asio/post.hpp>

namespace startle::fake {
namespace {

constexpr std::chrono::seconds kPatience{20};  // with a client that stays and says nothing

}  // namespace

ServedChains::ServedChains(const std::vector<std::shared_ptr<const certs::Chain>>& chains) {
  for (const auto& chain : chains) {
    One& one = all_.emplace_back();
    one.chain = chain;
    one.server.credentials = chain->server;
    one.server.patience = kPatience;
    one.server.versions = chain->versions;
    one.listener =
        std::make_unique<net::TcpListener>(world_, net::Endpoint{.address = "127.0.0.1"});
    ports_.push_back(one.listener->endpoint().port);
    world_.spawn(accept(one));
  }
  thread_ = std::thread([this] { world_.run(); });
}

ServedChains::~ServedChains() {
  asio::post(world_.io(), [this] {
    for (One& one : all_) one.listener->interrupt();
  });
  thread_.join();  // once every dialogue has ended: kPatience is the bound
}

net::Task<void> ServedChains::accept(One& one) {
  while (auto stream = co_await one.listener->accept()) {
    world_.spawn(serve(world_, std::move(stream), one.server, kSmtpProtocol, one.seen));
  }
}

}  // namespace startle::fake
