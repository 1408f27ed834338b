// What a clear session over TCP costs in a world that has other connections open which do nothing,
// beside the same session in a world that has none. The two alternate within one loop, so that
// whatever else the machine does falls on both. Both ends of every connection stand in the world,
// and both ends of an idle one wait for bytes. Times are CPU time of the process for one session in
// the world with idle connections; counters:
//   alone_us  a session in the world that has no other connection
//   ratio     with idle connections / alone: 1.00 says that they cost nothing

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "harness/load/cpu_time.h"
#include "harness/net/tcp.h"

namespace startle {
namespace {

using net::Task;

struct CommandReply {
  std::string command{};
  std::string reply{};
};

const std::array<CommandReply, 7> kDialogue{{
    {"EHLO client.example.test\r\n",
     "250-smtp.example.test\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250 8BITMIME\r\n"},
    {"MAIL FROM:<sender@example.test>\r\n", "250 2.1.0 Ok\r\n"},
    {"RCPT TO:<recipient@example.test>\r\n", "250 2.1.5 Ok\r\n"},
    {"DATA\r\n", "354 End data with <CR><LF>.<CR><LF>\r\n"},
    {"Subject: a message\r\n\r\nIts text.\r\n.\r\n", "250 2.0.0 Ok: queued\r\n"},
    {"NOOP\r\n", "250 2.0.0 Ok\r\n"},
    {"QUIT\r\n", "221 2.0.0 Bye\r\n"},
}};
constexpr std::string_view kGreeting = "220 smtp.example.test ESMTP\r\n";

// Reads as many bytes as `expected` has. False: the connection ended, or said something else.
Task<bool> reads(net::Stream& stream, std::string_view expected) {
  std::string got;
  std::array<char, 4096> chunk;  // NOLINT: filled by reads
  while (got.size() < expected.size()) {
    const net::IoResult more = co_await stream.read_some(chunk);
    if (more.status != net::IoStatus::ok) co_return false;
    got.append(chunk.data(), more.count);
  }
  co_return got == expected;
}

Task<void> serve_one(std::unique_ptr<net::Stream> stream) {
  co_await stream->write(kGreeting);
  for (const CommandReply& step : kDialogue) {
    const bool as_expected = co_await reads(*stream, step.command);
    if (!as_expected) co_return;
    co_await stream->write(step.reply);
  }
}

Task<void> wait_for_ever(std::unique_ptr<net::Stream> stream) {
  co_await reads(*stream, "221");
}

// A world with a server, its clients, and so many connections that are idle after the greeting.
class Loopback {
 public:
  explicit Loopback(int idle) {
    world_.spawn(serve());
    world_.spawn(open(idle));
    world_.run();
  }

  // False: it failed.
  bool session() {
    delivered_ = false;
    world_.spawn(submit());
    world_.run();  // until submit() stops it
    return delivered_;
  }
  int opened() const { return opened_; }

 private:
  Task<void> serve() {
    while (auto stream = co_await listener_.accept()) world_.spawn(serve_one(std::move(stream)));
  }

  Task<std::unique_ptr<net::Stream>> greeted() {
    net::ConnectResult got = co_await connector_.connect("smtp.example.test", 25, net::kNever);
    if (!got.stream) co_return nullptr;
    const bool as_expected = co_await reads(*got.stream, kGreeting);
    co_return as_expected ? std::move(got.stream) : nullptr;
  }

  Task<void> open(int idle) {
    while (opened_ < idle) {
      auto stream = co_await greeted();
      if (!stream) break;
      world_.spawn(wait_for_ever(std::move(stream)));
      ++opened_;
    }
    world_.stop();
  }

  Task<void> submit() {
    const auto stream = co_await greeted();
    bool going = stream != nullptr;
    for (std::size_t i = 0; going && i < kDialogue.size(); ++i) {
      co_await stream->write(kDialogue[i].command);
      going = co_await reads(*stream, kDialogue[i].reply);
    }
    delivered_ = going;
    world_.stop();
  }

  net::RealWorld world_{};
  net::TcpListener listener_{world_, {.address = "127.0.0.1"}};
  net::FixedConnector connector_{world_, listener_.endpoint()};
  int opened_ = 0;
  bool delivered_ = false;
};

// Whether this process may have so many descriptors open, after asking for as many as it may have.
bool may_open(rlim_t descriptors) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= descriptors;
}

void BM_ClearSession(benchmark::State& state) {
  constexpr int kSessions = 20;  // in each world, before it is the other's turn
  const auto idle = static_cast<int>(state.range(0));
  if (!may_open(2 * static_cast<rlim_t>(idle) + 100)) {
    state.SkipWithError("needs two descriptors for each idle connection: raise `ulimit -Hn`");
    return;
  }
  Loopback crowded(idle);
  Loopback alone(0);
  if (crowded.opened() != idle) {
    state.SkipWithError("not all idle connections could be opened");
    return;
  }
  Microseconds crowded_us = 0;
  Microseconds alone_us = 0;
  bool delivered = true;
  const auto sessions = [&](Loopback& in) {
    for (int i = 0; i < kSessions; ++i) delivered = in.session() && delivered;
  };
  for (auto _ : state) {
    alone_us += cost_of([&] { sessions(alone); }) / kSessions;
    const Microseconds took = cost_of([&] { sessions(crowded); }) / kSessions;
    crowded_us += took;
    state.SetIterationTime(took / 1e6);
    if (!delivered) {
      state.SkipWithError("a session failed");
      return;  // a broken run must not leave a number behind
    }
  }
  state.counters["alone_us"] = alone_us / static_cast<double>(state.iterations());
  state.counters["ratio"] = crowded_us / alone_us;
}
BENCHMARK(BM_ClearSession)
    ->ArgName("idle")
    ->Arg(0)
    ->Arg(8000)
    ->UseManualTime()
    ->Iterations(75)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace startle

BENCHMARK_MAIN();
