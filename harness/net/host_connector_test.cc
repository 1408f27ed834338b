#include "harness/net/host_connector.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <asio/ip/tcp.hpp>
#include <csignal>
#include <filesystem>
#include <future>
#include <iterator>
#include <memory>
#include <regex>
#include <stdexcept>

#include "harness/net/interrupt.h"

namespace startle::net {
namespace {

using namespace std::chrono_literals;
using asio::ip::tcp;

constexpr const char* kHost = "mail.example.test";
constexpr Instant kNoDelayPasses = 1h;

TEST(Interleaved, FamiliesAlternateFromThatOfTheFirst) {
  struct Row {
    const char* name;
    std::vector<std::string> given;
    std::vector<std::string> tried;
  };
  const std::vector<Row> rows{
      {"none", {}, {}},
      {"one family", {"192.0.2.1", "192.0.2.2"}, {"192.0.2.1", "192.0.2.2"}},
      {"IPv6 first",
       {"2001:db8::1", "2001:db8::2", "192.0.2.1", "192.0.2.2"},
       {"2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"}},
      {"IPv4 first", {"192.0.2.1", "192.0.2.2", "::1"}, {"192.0.2.1", "::1", "192.0.2.2"}},
      {"one twice", {"192.0.2.1", "192.0.2.1", "::1"}, {"192.0.2.1", "::1"}},
  };
  for (const Row& row : rows) EXPECT_EQ(interleaved(row.given), row.tried) << row.name;
}

// Binds two loopback addresses to one port. As long as nobody listens there, connections are
// refused.
std::array<tcp::acceptor, 2> two_bound(asio::io_context& io) {
  while (true) {
    std::array<tcp::acceptor, 2> pair{tcp::acceptor(io), tcp::acceptor(io)};
    for (tcp::acceptor& one : pair) one.open(tcp::v4());
    pair[0].bind({asio::ip::make_address("127.0.0.1"), 0});
    asio::error_code taken;
    pair[1].bind({asio::ip::make_address("127.0.0.2"), pair[0].local_endpoint().port()}, taken);
    if (!taken) return pair;
  }
}

// The thread of a resolver that does not answer until it is released.
class Unanswered {
 public:
  Resolver resolver() {
    return [gate = gate_](const std::string&) -> Resolved {
      gate->asked.set_value();
      gate->release.get_future().wait();
      gate->returned.set_value();
      return {.addresses = {"127.0.0.1"}};
    };
  }
  void wait_until_asked() const { asked_.wait(); }
  bool is_asked() const { return asked_.wait_for(0s) == std::future_status::ready; }
  void release() {
    gate_->release.set_value();
    gate_->returned.get_future().wait();
  }

 private:
  struct Gate {
    std::promise<void> asked{};
    std::promise<void> release{};
    std::promise<void> returned{};
  };
  std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
  std::shared_future<void> asked_ = gate_->asked.get_future().share();
};

Task<void> connect_into(Connector& connector, std::string host, std::uint16_t port,
                        Instant deadline, ConnectResult& into) {
  into = co_await connector.connect(std::move(host), port, deadline);
}

std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

class HostConnectorTest : public testing::Test {
 protected:
  // Both addresses of the host refuse until one of these is told otherwise.
  void accept(std::size_t which) { at_[which].listen(); }
  // A queue for one connection, which is there: the system answers no other.
  void keep_silent(std::size_t which) {
    at_[which].listen(0);
    fills_queue_.connect(at_[which].local_endpoint());
  }

  ConnectResult connect(const std::string& host, Resolver resolver, Instant delay,
                        Instant within = kNever) {
    HostConnector connector(world_, std::move(resolver), delay);
    ConnectResult result;
    const Instant deadline = within == kNever ? kNever : world_.now() + within;
    world_.spawn(connect_into(connector, host, port_, deadline, result));
    EXPECT_TRUE(world_.run());
    return result;
  }
  // With a deadline that leaves time to begin with that address, however busy the machine is.
  ConnectResult connect_until_tried(std::size_t which) {
    for (Instant within = 20ms;; within *= 2) {
      ConnectResult got = connect(kHost, both, kNoDelayPasses, within);
      if (got.attempts.size() > which && got.attempts[which].end != AttemptEnd::not_tried) {
        return got;
      }
    }
  }
  static Resolved both(const std::string& host) {
    EXPECT_EQ(host, kHost);
    return {.addresses = {"127.0.0.1", "127.0.0.2"}};
  }
  std::string at_host() const { return host_and_port(kHost, port_) + ": "; }

  RealWorld world_{};
  std::array<tcp::acceptor, 2> at_ = two_bound(world_.io());
  tcp::socket fills_queue_{world_.io()};
  std::uint16_t port_ = at_[0].local_endpoint().port();
};

std::vector<AttemptEnd> ends(const ConnectResult& result) {
  std::vector<AttemptEnd> all;
  for (const Attempt& one : result.attempts) all.push_back(one.end);
  return all;
}
using Ends = std::vector<AttemptEnd>;

TEST_F(HostConnectorTest, EveryAddressThatRefusesIsNamed) {
  const ConnectResult got = connect(kHost, both, kNoDelayPasses);
  EXPECT_EQ(got.stream, nullptr);
  EXPECT_EQ(got.failed, ConnectStep::connect);
  EXPECT_EQ(got.why, at_host() + "127.0.0.1: connection refused; 127.0.0.2: connection refused");
  EXPECT_EQ(ends(got), (Ends{AttemptEnd::failed, AttemptEnd::failed}));
  EXPECT_EQ(got.attempts.at(1).to.address, "127.0.0.2");
  EXPECT_EQ(got.attempts.at(1).to.port, port_);
  EXPECT_EQ(got.attempts.at(1).why, "connection refused");
}

TEST_F(HostConnectorTest, ARefusalLetsTheNextAddressBeginAtOnce) {
  accept(1);
  const ConnectResult got = connect(kHost, both, kNoDelayPasses);
  EXPECT_NE(got.stream, nullptr);
  EXPECT_EQ(got.failed, std::nullopt);
  EXPECT_EQ(got.why, "");
  EXPECT_EQ(ends(got), (Ends{AttemptEnd::failed, AttemptEnd::connected}));
  EXPECT_LT(world_.now(), kNoDelayPasses);
}

TEST_F(HostConnectorTest, WhatComesAfterTheOneThatConnectedIsNotTried) {
  accept(0);
  const ConnectResult got = connect(kHost, both, kNoDelayPasses);
  EXPECT_NE(got.stream, nullptr);
  EXPECT_EQ(ends(got), (Ends{AttemptEnd::connected, AttemptEnd::not_tried}));
}

TEST_F(HostConnectorTest, ASilentAddressIsOvertakenAfterTheDelayAndClosed) {
  keep_silent(0);
  accept(1);
  const std::ptrdiff_t before = open_descriptors();
  const ConnectResult got = connect(kHost, both, 5ms);
  ASSERT_NE(got.stream, nullptr);
  EXPECT_EQ(ends(got), (Ends{AttemptEnd::overtaken, AttemptEnd::connected}));
  EXPECT_GE(got.attempts[1].began - got.attempts[0].began, 5ms);
  EXPECT_EQ(open_descriptors(), before + 1);

  tcp::socket accepted = at_[1].accept();
  accepted.write_some(asio::buffer("220 ", 4));
  std::string greeting;
  world_.spawn([](Stream& from, std::string& into) -> Task<void> {
    std::array<char, 64> chunk{};
    const IoResult read = co_await from.read_some(chunk);
    into.assign(chunk.data(), read.count);
  }(*got.stream, greeting));
  EXPECT_TRUE(world_.run());
  EXPECT_EQ(greeting, "220 ");
}

TEST_F(HostConnectorTest, TheDeadlineEndsAttemptsThatNobodyAnswers) {
  keep_silent(0);
  const std::ptrdiff_t before = open_descriptors();
  const ConnectResult got = connect_until_tried(0);
  EXPECT_EQ(got.stream, nullptr);
  EXPECT_EQ(got.failed, ConnectStep::deadline);
  EXPECT_EQ(ends(got), (Ends{AttemptEnd::unanswered, AttemptEnd::not_tried}));
  EXPECT_EQ(std::regex_replace(got.why, std::regex("within [0-9.]+ m?s"), "within N ms"),
            at_host() + "no answer within N ms (127.0.0.1 was tried; 127.0.0.2 was not tried)");
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(HostConnectorTest, TheDeadlineNamesWhatWasRefusedBeforeToo) {
  keep_silent(1);
  const ConnectResult got = connect_until_tried(1);
  EXPECT_EQ(got.failed, ConnectStep::deadline);
  EXPECT_EQ(ends(got), (Ends{AttemptEnd::failed, AttemptEnd::unanswered}));
  EXPECT_NE(got.why.find("(127.0.0.1: connection refused; 127.0.0.2 was tried)"), std::string::npos)
      << got.why;
}

TEST_F(HostConnectorTest, AnAddressAsksNoResolver) {
  const Resolver never = [](const std::string& host) -> Resolved {
    ADD_FAILURE() << "asked for " << host;
    return {};
  };
  const ConnectResult v4 = connect("127.0.0.1", never, kNoDelayPasses);
  EXPECT_EQ(v4.why, host_and_port("127.0.0.1", port_) + ": connection refused");
  for (const char* v6 : {"[::1]", "::1"}) {
    const ConnectResult got = connect(v6, never, kNoDelayPasses);
    EXPECT_EQ(got.attempts.at(0).to.address, "::1");
    EXPECT_EQ(got.why.find("[::1]:" + std::to_string(port_) + ": "), got.stream ? -1U : 0U);
  }
}

TEST_F(HostConnectorTest, WhatTheResolverSaysOfANameIsSaid) {
  const auto unknown = [](const std::string&) -> Resolved { return {.why = "it is not known"}; };
  const ConnectResult got = connect(kHost, unknown, kNoDelayPasses);
  EXPECT_EQ(got.failed, ConnectStep::resolve);
  EXPECT_EQ(got.why, "mail.example.test: it is not known");
  EXPECT_EQ(got.attempts.size(), 0U);

  const auto throws = [](const std::string&) -> Resolved { throw std::runtime_error("no memory"); };
  EXPECT_EQ(connect(kHost, throws, kNoDelayPasses).why,
            "mail.example.test: the name was not resolved: no memory");
}

TEST_F(HostConnectorTest, WhatIsNoAddressIsAFailedAttempt) {
  accept(0);
  const auto odd = [](const std::string&) -> Resolved {
    return {.addresses = {"nonsense", "127.0.0.1"}};
  };
  EXPECT_EQ(ends(connect(kHost, odd, kNoDelayPasses)),
            (Ends{AttemptEnd::failed, AttemptEnd::connected}));
}

TEST_F(HostConnectorTest, TheDeadlineEndsAResolutionWhoseLateAnswerIsIgnored) {
  Unanswered unanswered;
  const ConnectResult got = connect(kHost, unanswered.resolver(), kNoDelayPasses, 10ms);
  EXPECT_EQ(got.failed, ConnectStep::deadline);
  EXPECT_EQ(got.attempts.size(), 0U);
  EXPECT_TRUE(std::regex_match(
      got.why, std::regex("mail\\.example\\.test: the name was not resolved within \\d+ ms")))
      << got.why;
  unanswered.release();
  EXPECT_EQ(connect(kHost, both, kNoDelayPasses).failed, ConnectStep::connect);
}

// Whoever waits is destroyed with its world, and the world does not wait for the resolver's thread.
TEST(HostConnector, AbandonedWhileResolving) {
  Unanswered unanswered;
  ConnectResult result;
  {
    RealWorld world;
    HostConnector connector(world, unanswered.resolver());
    world.spawn(connect_into(connector, kHost, 25, kNever, result));
    while (!unanswered.is_asked()) EXPECT_FALSE(world.run(world.now() + 1ms));
  }
  unanswered.release();
  EXPECT_EQ(result.failed, std::nullopt) << "nobody was told of an end";
}

TEST(HostConnector, InterruptedWhileResolving) {
  Unanswered unanswered;
  ConnectResult result;
  {
    RealWorld world;
    HostConnector connector(world, [ask = unanswered.resolver()](const std::string& host) {
      ::kill(::getpid(), SIGINT);
      return ask(host);
    });
    const OnInterrupt stops(world, [&] { world.stop(); });
    world.spawn(connect_into(connector, kHost, 25, kNever, result));
    EXPECT_FALSE(world.run());
    unanswered.wait_until_asked();
  }
  unanswered.release();
  EXPECT_EQ(result.failed, std::nullopt);
}

TEST_F(HostConnectorTest, InterruptedWhileConnecting) {
  keep_silent(0);
  ConnectResult result;
  const std::ptrdiff_t before = open_descriptors();
  HostConnector connector(world_, both, kNoDelayPasses);
  world_.spawn(connect_into(connector, kHost, port_, kNever, result));
  world_.spawn([](World& world) -> Task<void> {
    co_await world.sleep_until(world.now() + 1ms);
    world.stop();
  }(world_));
  EXPECT_FALSE(world_.run());
  world_.abandon();
  EXPECT_FALSE(world_.run(world_.now() + 1ms)) << "what is abandoned does not end";
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(result.failed, std::nullopt);
}

// Only names that ask no name server.
TEST(ResolveBySystem, TakesAddressesAndRefusesWhatIsNoName) {
  EXPECT_EQ(resolve_by_system("127.0.0.1").addresses, std::vector<std::string>{"127.0.0.1"});
  EXPECT_EQ(resolve_by_system("::1").addresses, std::vector<std::string>{"::1"});
  const Resolved cut = resolve_by_system(std::string("127.0.0.1\0.example.test", 22));
  EXPECT_TRUE(cut.addresses.empty());
  EXPECT_EQ(cut.why,
            "the name is not known: check its spelling, or ask a name server that knows it");
}

}  // namespace
}  // namespace startle::net
