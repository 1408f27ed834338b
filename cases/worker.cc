#include "cases/worker.h"

#include "fake-servers/smtp_server.h"
#include "harness/net/memory.h"
#include "harness/tls/clock.h"

namespace startle::cases {
namespace {

using namespace std::chrono_literals;
using net::Task;

// Accepts until interrupted, which the client's end does.
Task<void> serve(net::World& world, net::Acceptor& acceptor, const fake::SmtpServer& server,
                 fake::Observation& seen) {
  while (auto stream = co_await acceptor.accept()) {
    world.spawn(fake::serve_smtp(world, std::move(stream), server, seen));
  }
}

Task<void> use(const subject::Subject& subject, net::World& world, net::Connector& connector,
               const client::Settings& settings, net::Acceptor& acceptor, Run& run) {
  run.outcome = co_await subject.exchange(world, connector, settings);
  run.hung = false;
  acceptor.interrupt();
}

client::Settings settings_for(const Exchange& exchange, const certs::Chain& chain) {
  return {.mode = exchange.mode,
          .host = exchange.host,
          .username = exchange.username,
          .password = exchange.password,
          .trust = exchange.trust,
          .trust_model = exchange.trust_model,
          .store = chain.anchors,
          .sender = exchange.sender};
}

}  // namespace

Worker::Worker(const subject::Subject& subject, const Options& options)
    : subject_(subject), options_(options) {
  short_of_time_ = options_.deadline != 0ms || options_.transport == Transport::tcp;
  if (options_.deadline == 0ms) {
    options_.deadline =
        options_.transport == Transport::memory ? std::chrono::milliseconds(2h) : 12s;
  }
  make_world();
}

Worker::~Worker() = default;

void Worker::make_world() {
  acceptor_.reset();
  own_connector_.reset();
  world_.reset();
  if (options_.transport == Transport::memory) {
    world_ = std::make_unique<net::MemoryWorld>();
    auto listener = std::make_unique<net::MemoryListener>(*world_);
    connector_ = listener.get();
    acceptor_ = std::move(listener);
    return;
  }
  auto world = std::make_unique<net::RealWorld>();
  auto listener = std::make_unique<net::TcpListener>(*world, net::Endpoint{.address = "127.0.0.1"});
  own_connector_ = std::make_unique<net::FixedConnector>(*world, listener->endpoint());
  connector_ = own_connector_.get();
  acceptor_ = std::move(listener);
  world_ = std::move(world);
}

Run Worker::run(const Exchange& exchange, const certs::Chain& chain) {
  const auto began = std::chrono::steady_clock::now();
  tls::set_run_clock(options_.clock);
  Run run{.hung = true};
  client::Settings settings = settings_for(exchange, chain);
  fake::SmtpServer server{.name = exchange.host,
                          .script = exchange.script,
                          .credentials = chain.server,
                          .users = exchange.users,
                          .secret = exchange.secret,
                          .patience = 2 * options_.deadline};
  // The client has to end by itself before the deadline; the time-outs of RFC 5321 are minutes.
  if (short_of_time_) settings.timeouts = client::Timeouts::all(options_.deadline / 4);
  world_->spawn(serve(*world_, *acceptor_, server, run.seen));
  world_->spawn(use(subject_, *world_, *connector_, settings, *acceptor_, run));
  // The servers may take as long again to notice that their client is gone.
  bool ended = false;
  try {
    ended = world_->run(world_->now() + 2 * options_.deadline + 1s);
  } catch (...) {
    make_world();  // what still waits refers to this exchange
    throw;
  }
  if (!ended) make_world();  // whatever still waits goes with the old one
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  run.ms = took.count();
  return run;
}

}  // namespace startle::cases
