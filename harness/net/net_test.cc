#include <gtest/gtest.h>

#include <array>

#include "harness/base/error.h"
#include "harness/net/memory.h"
#include "harness/net/tap.h"
#include "harness/net/tcp.h"

namespace startle::net {
namespace {

using namespace std::chrono_literals;

struct Read {
  IoStatus status = IoStatus::ok;
  std::string bytes{};
};

Task<Read> read_once(Stream& stream) {
  std::array<char, 64> chunk{};
  const IoResult got = co_await stream.read_some(chunk);
  co_return Read{.status = got.status, .bytes = std::string(chunk.data(), got.count)};
}

TEST(MemoryStream, KeepsTheBoundariesOfWrites) {
  MemoryWorld world;
  auto pair = make_memory_pair(world);
  std::vector<std::string> seen;
  world.spawn([](Stream& s) -> Task<void> {
    co_await s.write("220 go ahead\r\n");
    co_await s.write("250 injected\r\n");
    s.close();
  }(*pair.server));
  world.spawn([](Stream& s, std::vector<std::string>& into) -> Task<void> {
    while (true) {
      const Read got = co_await read_once(s);
      if (got.status != IoStatus::ok) break;
      into.push_back(got.bytes);
    }
  }(*pair.client, seen));
  EXPECT_TRUE(world.run());
  EXPECT_EQ(seen, (std::vector<std::string>{"220 go ahead\r\n", "250 injected\r\n"}));
}

TEST(MemoryStream, AReaderWithADeadlineCostsVirtualTimeOnly) {
  MemoryWorld world;
  auto pair = make_memory_pair(world);
  IoStatus status = IoStatus::ok;
  world.spawn([](Stream& s, IoStatus& into) -> Task<void> {
    s.set_deadline(300s);
    into = (co_await read_once(s)).status;
  }(*pair.client, status));
  EXPECT_TRUE(world.run());
  EXPECT_EQ(status, IoStatus::timed_out);
  EXPECT_EQ(world.now(), 300s);
}

// Of a run that ends in the moment in which it is stopped, nothing is left for the next one.
TEST(World, AStopIsOfTheRunThatItEnds) {
  MemoryWorld world;
  world.spawn([](World& w) -> Task<void> {
    w.stop();
    co_return;
  }(world));
  EXPECT_TRUE(world.run());
  bool slept = false;
  world.spawn([](World& w, bool& into) -> Task<void> {
    co_await w.sleep_until(1s);
    into = true;
  }(world, slept));
  EXPECT_TRUE(world.run());
  EXPECT_TRUE(slept);
}

Task<void> read_then_write(Stream& s, std::vector<IoStatus>& into) {
  into.push_back((co_await read_once(s)).status);
  into.push_back((co_await s.write("x")).status);
}

TEST(MemoryStream, TellsCloseResetAndDestructionApart) {
  MemoryWorld world;
  std::vector<IoStatus> seen;
  const auto observe = [&](auto end) {
    auto pair = make_memory_pair(world);
    end(pair);
    world.spawn(read_then_write(*pair.client, seen));
    EXPECT_TRUE(world.run());
  };
  observe([](StreamPair& p) { p.server->close(); });
  observe([](StreamPair& p) { p.server->reset(); });
  observe([](StreamPair& p) { p.server.reset(); });
  using enum IoStatus;
  EXPECT_EQ(seen, (std::vector{closed, ok, broken, broken, closed, broken}));
}

TEST(World, ATaskThatWaitsForEverIsReportedAndAbandoned) {
  auto alive = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = alive;
  {
    MemoryWorld world;
    auto pair = make_memory_pair(world);
    world.spawn([](std::unique_ptr<Stream> s, std::shared_ptr<int>) -> Task<void> {
      co_await read_once(*s);
    }(std::move(pair.client), std::move(alive)));
    EXPECT_FALSE(world.run());
  }
  EXPECT_TRUE(watch.expired()) << "the coroutine is destroyed with its world";
}

// Of two ends that wait for each other the first to be destroyed wakes the second.
TEST(World, AbandonsWhoeverIsWokenByThatToo) {
  auto alive = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = alive;
  const auto read = [](std::unique_ptr<Stream> s, std::shared_ptr<int>) -> Task<void> {
    co_await read_once(*s);
  };
  {
    MemoryWorld world;
    auto pair = make_memory_pair(world);
    world.spawn(read(std::move(pair.client), alive));
    world.spawn(read(std::move(pair.server), std::move(alive)));
    EXPECT_FALSE(world.run());
  }
  EXPECT_TRUE(watch.expired());
}

// Its streams are readers of the world until the sockets' last operations are destroyed.
TEST(World, TcpStreamsThatWaitAreDestroyedWithTheirWorld) {
  auto alive = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = alive;
  {
    RealWorld world;
    TcpListener listener(world, {.address = "127.0.0.1"});
    FixedConnector connector(world, listener.endpoint());
    world.spawn([](Acceptor& from, std::shared_ptr<int>) -> Task<void> {
      const auto stream = co_await from.accept();
      co_await read_once(*stream);
    }(listener, alive));
    world.spawn([](Connector& to, std::shared_ptr<int>) -> Task<void> {
      const ConnectResult got = co_await to.connect("mx.example.test", 25, kNever);
      co_await read_once(*got.stream);
    }(connector, std::move(alive)));
    EXPECT_FALSE(world.run(20ms));
  }
  EXPECT_TRUE(watch.expired());
}

TEST(World, AnExceptionOfATaskLeavesRun) {
  MemoryWorld world;
  world.spawn([]() -> Task<void> {
    throw Error(Fault::internal, "boom");
    co_return;
  }());
  EXPECT_THROW(world.run(), Error);
}

TEST(World, RunStopsAtTheInstantGiven) {
  MemoryWorld world;
  world.spawn(world.sleep_until(10s));
  EXPECT_FALSE(world.run(4s));
  EXPECT_EQ(world.now(), 4s);
  EXPECT_TRUE(world.run());
  EXPECT_EQ(world.now(), 10s);
}

TEST(Tap, SeesReplacesAndDropsWrites) {
  MemoryWorld world;
  auto pair = make_memory_pair(world);
  auto server =
      tapped(std::move(pair.server), [](std::string_view w) -> std::optional<std::string> {
        if (w == "drop") return "";
        if (w == "change") return "changed";
        return std::nullopt;
      });
  std::vector<std::string> seen;
  world.spawn([](Stream& s) -> Task<void> {
    for (const char* w : {"keep", "drop", "change"}) co_await s.write(w);
    s.close();
  }(*server));
  world.spawn([](Stream& s, std::vector<std::string>& into) -> Task<void> {
    for (Read got = co_await read_once(s); got.status == IoStatus::ok;
         got = co_await read_once(s)) {
      into.push_back(got.bytes);
    }
  }(*pair.client, seen));
  EXPECT_TRUE(world.run());
  EXPECT_EQ(seen, (std::vector<std::string>{"keep", "changed"}));
}

// One echo over a listener: what every transport must do alike.
Task<void> echo_server(Acceptor& listener, std::vector<std::string>& log) {
  const auto stream = co_await listener.accept();
  log.push_back((co_await read_once(*stream)).bytes);
  co_await stream->write("pong");
  log.push_back((co_await read_once(*stream)).status == IoStatus::closed ? "closed" : "not closed");
}

Task<void> echo_client(Connector& connector, std::vector<std::string>& log) {
  const ConnectResult got = co_await connector.connect("mx.example.test", 25, kNever);
  if (!got.stream) {
    log.push_back(got.why);
    co_return;
  }
  co_await got.stream->write("ping");
  log.push_back((co_await read_once(*got.stream)).bytes);
  got.stream->set_deadline(0s);
  log.push_back((co_await read_once(*got.stream)).status == IoStatus::timed_out ? "late" : "?");
  got.stream->close();
}

std::vector<std::string> echo(World& world, Acceptor& listener, Connector& connector) {
  std::vector<std::string> log;
  world.spawn(echo_server(listener, log));
  world.spawn(echo_client(connector, log));
  EXPECT_TRUE(world.run());
  return log;
}
const std::vector<std::string> kEchoed{"ping", "pong", "late", "closed"};

TEST(Transports, MemoryEchoes) {
  MemoryWorld world;
  MemoryListener listener(world);
  EXPECT_EQ(echo(world, listener, listener), kEchoed);
}

TEST(Transports, TcpEchoes) {
  RealWorld world;
  TcpListener listener(world, {.address = "127.0.0.1"});
  FixedConnector connector(world, listener.endpoint());
  EXPECT_EQ(echo(world, listener, connector), kEchoed);
}

TEST(Tcp, APortInUseSaysWhatToDo) {
  RealWorld world;
  const TcpListener first(world, {.address = "127.0.0.1"});
  try {
    const TcpListener second(world, first.endpoint());
    FAIL() << "both listen on one port";
  } catch (const PortInUse& e) {
    EXPECT_EQ(
        e.what(),
        "127.0.0.1:" + std::to_string(first.endpoint().port) +
            " is in use: stop what listens there or take another port (port 0 takes a free one)");
  }
}

// What an error is called does not make it one.
TEST(Tcp, AnotherErrorIsNoPortInUse) {
  RealWorld world;
  try {
    const TcpListener nobodys(world, {.address = "192.0.2.1"});  // RFC 5737: no address of ours
    FAIL() << "192.0.2.1 is an address of this machine";
  } catch (const Error& e) {
    EXPECT_EQ(dynamic_cast<const PortInUse*>(&e), nullptr) << e.what();
  }
}

TEST(Tcp, ListenAddressesAreReadStrictly) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:25").at(0).port, 25);
  EXPECT_EQ(parse_listen_address("[::1]:0").at(0).address, "::1");
  EXPECT_EQ(parse_listen_address(":0").size(), 2U);
  for (const char* bad :
       {"127.0.0.1", "127.0.0.1:x", "127.0.0.1:65536", "localhost:25", "127.0.0.1:", ""}) {
    EXPECT_THROW(parse_listen_address(bad), Error) << bad;
  }
}

}  // namespace
}  // namespace startle::net
