#include "cases/program/bench/own_server.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <thread>
#include <utility>
#include <vector>

#include "cases/engine/exchange.h"
#include "cases/engine/worker.h"
#include "fake-servers/protocols.h"
#include "harness/base/error.h"
#include "harness/net/tcp.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

using net::Task;

certs::Recipe recipe_of(certs::KeyKind key, BenchChain chain) {
  certs::Recipe recipe = certs::valid_recipe();
  recipe.id = "bench-" + std::string(word(key));
  recipe.leaf.key = key;
  if (chain == BenchChain::self_signed) {
    recipe.id += "-self-signed";
    recipe.leaf_issuer = certs::LeafIssuer::self;
    recipe.intermediates.clear();
  }
  return recipe;
}

Task<void> serve_one(net::World& world, std::unique_ptr<net::Stream> stream,
                     const fake::Server& server) {
  fake::Observation seen;
  co_await fake::serve(world, std::move(stream), server, seen);
}

// Until the process is ended.
void run_server(net::RealWorld& world, net::Acceptor& listener, const BenchEnds& ends) {
  fake::Server server = ends.server;
  server.salted_passwords = std::make_shared<sasl::SaltedPasswords>();
  world.spawn(serve_all(world, listener, server));
  world.run();
}

// What the generator has open is not this process's: whoever waits for its end would wait for this.
void close_all_behind(int last) {
  ::close_range(static_cast<unsigned>(last) + 1, ~0U, 0);
}

[[noreturn]] void be_server(const BenchEnds& ends, unsigned threads, int report_from,
                            int lifeline_from) {
  constexpr int report = 3;
  constexpr int lifeline = 4;
  const int spare = ::fcntl(lifeline_from, F_DUPFD, lifeline + 1);
  ::dup2(report_from, report);
  ::dup2(spare, lifeline);
  close_all_behind(lifeline);
  const auto clock = tls::run_clock();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Ctrl-C is for the generator, which then ends this one.
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) std::signal(number, SIG_IGN);
  try {
    constexpr auto kShared = net::TcpListener::Sharing::shared;
    net::RealWorld world;
    net::TcpListener first(world, {.address = "127.0.0.1"}, kShared);
    const net::Endpoint at = first.endpoint();
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < threads; ++i) {
      others.emplace_back([&ends, at, clock] {
        tls::set_run_clock(clock);
        net::RealWorld its_world;
        net::TcpListener another(its_world, at, kShared);
        run_server(its_world, another, ends);
      });
    }
    const std::uint16_t port = at.port;
    if (::write(report, &port, sizeof port) != sizeof port) std::_Exit(1);
    ::close(report);
    std::jthread([lifeline] {
      char none = 0;
      while (::read(lifeline, &none, 1) < 0 && errno == EINTR) {
      }
      std::_Exit(0);
    }).detach();
    run_server(world, first, ends);
  } catch (const std::exception& e) {
    const std::string line = std::string("startle: the server of bench: ") + e.what() + "\n";
    if (::write(STDERR_FILENO, line.data(), line.size()) < 0) std::_Exit(1);
  }
  std::_Exit(1);
}

[[noreturn]] void throw_error(const char* what) {
  throw Error(Fault::system, std::string(what) + ": " + std::strerror(errno));
}

}  // namespace

Task<void> serve_all(net::World& world, net::Acceptor& acceptor, const fake::Server& server) {
  while (auto stream = co_await acceptor.accept()) {
    world.spawn(serve_one(world, std::move(stream), server));
  }
}

BenchEnds bench_ends(certs::Mint& mint, words::Mode mode, certs::KeyKind key, bool issues_tickets,
                     BenchChain chain) {
  const std::string host = "localhost";
  cases::Setup setup;
  setup.mode = mode;
  const cases::Exchange exchange =
      cases::make_exchange(setup, "bench", host, {.trust = words::TrustModel::pkix}, 1);
  BenchEnds ends;
  ends.chain = mint.chain(recipe_of(key, chain), host);
  ends.server = cases::server_for(exchange, *ends.chain, nullptr);
  if (issues_tickets) ends.server.tickets = std::make_shared<const tls::TicketKey>();
  ends.client = {.mode = mode,
                 .host = host,
                 .username = exchange.username,
                 .password = exchange.password,
                 .store = ends.chain->anchors,
                 .sender = exchange.sender,
                 .base = exchange.base,
                 .filter = exchange.filter};
  return ends;
}

OwnServer::OwnServer(const BenchEnds& ends, unsigned threads) {
  std::array<int, 2> report{-1, -1};
  std::array<int, 2> lifeline{-1, -1};
  if (::pipe2(report.data(), O_CLOEXEC) != 0) throw_error("a pipe cannot be made");
  if (::pipe2(lifeline.data(), O_CLOEXEC) != 0) throw_error("a pipe cannot be made");
  process_ = ::fork();
  if (process_ < 0) throw_error("a process cannot be started for the server");
  if (process_ == 0) {
    ::close(report[0]);
    ::close(lifeline[1]);
    be_server(ends, threads, report[1], lifeline[0]);
  }
  ::close(report[1]);
  ::close(lifeline[0]);
  lifeline_ = lifeline[1];
  const ssize_t got = ::read(report[0], &endpoint_.port, sizeof endpoint_.port);
  ::close(report[0]);
  if (got != sizeof endpoint_.port) {
    throw Error(Fault::system, "the server of bench ended before it listened");
  }
}

OwnServer::~OwnServer() {
  if (lifeline_ >= 0) ::close(lifeline_);
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

double OwnServer::cpu_us() const {
  clockid_t clock{};
  std::timespec used{};
  if (::clock_getcpuclockid(process_, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return 0;
  return static_cast<double>(used.tv_sec) * 1e6 + static_cast<double>(used.tv_nsec) / 1e3;
}

}  // namespace startle::program
