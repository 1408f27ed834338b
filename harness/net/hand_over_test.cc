// Two worlds on two threads: what one hands over the other does.

#include "harness/net/hand_over.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "harness/net/tcp.h"
#include "harness/net/worlds_for_test.h"

namespace startle::net {
namespace {

Task<void> wait_for(Signal& signal) {
  co_await signal.wait(kNever);
}

TEST(HandOver, IsDoneByTheOthersThreadInOrder) {
  RealWorld world;
  Signal over(world);
  std::vector<int> done;
  world.spawn(wait_for(over));
  std::jthread other([&] { world.run(); });
  const std::thread::id its_own = other.get_id();
  std::thread::id ran_by{};
  for (int i = 0; i < 1000; ++i) {
    hand_over(world, [&, i] {
      done.push_back(i);
      ran_by = std::this_thread::get_id();
      if (i == 999) over.notify();
    });
  }
  other.join();
  ASSERT_EQ(done.size(), 1000U);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(done[static_cast<std::size_t>(i)], i);
  EXPECT_EQ(ran_by, its_own);
}

TEST(HandOver, AnExceptionLeavesRun) {
  RealWorld world;
  Signal over(world);
  world.spawn(wait_for(over));
  hand_over(world, [] { throw std::runtime_error("out of it"); });
  EXPECT_THROW(world.run(), std::runtime_error);
}

// The listener's world accepts, and another thread's serves.
TEST(HandOver, AConnectionIsOfTheWorldThatItWasAcceptedFor) {
  RealWorld world;
  RealWorld other;
  TcpListener listener(world, {.address = "127.0.0.1"});
  FixedConnector connector(world, listener.endpoint());
  Signal stays(other);
  other.spawn(wait_for(stays));
  std::jthread its_thread([&] { other.run(); });

  std::unique_ptr<Stream> server;
  Told told;
  const std::function<RealWorld&()> whose = [&]() -> RealWorld& { return other; };
  world.spawn([](TcpListener& from, const std::function<RealWorld&()>& of, RealWorld& to,
                 std::unique_ptr<Stream>& into, Signal& over) -> Task<void> {
    into = co_await from.accept_for(of);
    hand_over(to, [&to, &into, &over] {
      to.spawn([](Stream& stream, Signal& when_done) -> Task<void> {
        std::array<char, 16> chunk{};
        const IoResult got = co_await stream.read_some(chunk);
        const std::string answer = "echo " + std::string(chunk.data(), got.count);
        co_await stream.write(answer);
        stream.close();
        when_done.notify();
      }(*into, over));
    });
  }(listener, whose, other, server, stays));
  world.spawn([](Connector& to, Told& into) -> Task<void> {
    const ConnectResult made = co_await to.connect("mx.example.test", 25, kNever);
    const std::string said = "hello";
    co_await made.stream->write(said);
    co_await read_to_end(*made.stream, into);
  }(connector, told));
  EXPECT_TRUE(world.run(world.now() + kLongEnough));
  its_thread.join();
  EXPECT_EQ(told.bytes, "echo hello");
  EXPECT_EQ(told.end, IoStatus::closed);
}

TEST(ClosedListener, RefusesWhoComesAndWhoHasCome) {
  RealWorld world;
  TcpListener listener(world, {.address = "127.0.0.1"});
  FixedConnector connector(world, listener.endpoint());
  std::vector<ConnectResult> results;
  const auto connect = [&] {
    world.spawn([](Connector& to, std::vector<ConnectResult>& into) -> Task<void> {
      into.push_back(co_await to.connect("mx.example.test", 25, kNever));
    }(connector, results));
    EXPECT_TRUE(world.run(world.now() + kLongEnough));
  };
  connect();
  listener.close();
  connect();
  ASSERT_EQ(results.size(), 2U);
  ASSERT_TRUE(results.front().stream);
  EXPECT_FALSE(results.back().stream);
  EXPECT_EQ(results.back().attempts.back().why, "connection refused");
  Told told;
  world.spawn(read_to_end(*results.front().stream, told));
  EXPECT_TRUE(world.run(world.now() + kLongEnough));
  EXPECT_EQ(told.end, IoStatus::broken) << "nobody was to accept it";
}

}  // namespace
}  // namespace startle::net
