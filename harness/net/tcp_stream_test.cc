#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/net/memory.h"
#include "harness/net/tcp.h"

namespace startle::net {
namespace {

using namespace std::chrono_literals;

// A reader as a socket is one, which counts what the world asks of it.
class Asked final : public World::Reader {
 public:
  int tries = 0;
  int events = 0;
  bool has_bytes = false;

 private:
  bool try_now() override {
    ++tries;
    return has_bytes;
  }
  void want_event() override { ++events; }
};

Task<void> send_times(World& world, int times) {
  for (int i = 0; i < times; ++i) {
    world.sent();
    co_await world.sleep_until(world.now());
  }
}

TEST(Readers, ThatAreIdleAreNotAskedAgain) {
  RealWorld world;
  std::vector<Asked> idle(1000);
  for (Asked& one : idle) world.wait_for_bytes(one);
  world.spawn(send_times(world, 50));
  EXPECT_TRUE(world.run());
  int tries = 0;
  for (const Asked& one : idle) {
    EXPECT_GE(one.events, 1) << "the operating system tells nobody";
    tries += one.tries;
  }
  EXPECT_LE(tries, 10) << "for 50 writes";
}

TEST(Readers, OfAFewTheOneThatHasBytesIsFoundWithoutAnEvent) {
  RealWorld world;
  Asked first;
  Asked forgotten;
  Asked last;
  for (Asked* one : {&first, &forgotten, &last}) world.wait_for_bytes(*one);
  world.forget(forgotten);
  last.has_bytes = true;
  world.sent();
  world.spawn(send_times(world, 3));
  EXPECT_TRUE(world.run());
  EXPECT_EQ(first.tries, 1);
  EXPECT_EQ(forgotten.tries, 0);
  EXPECT_EQ(last.tries, 1) << "until it waits again";
  EXPECT_EQ(last.events, 0);
}

using StreamPtr = std::unique_ptr<Stream>;

struct Connected {
  StreamPtr client;
  StreamPtr server;
};

class TcpStreamTest : public testing::Test {
 protected:
  Connected connected() {
    Connected both;
    world_.spawn([](Acceptor& from, StreamPtr& into) -> Task<void> {
      into = co_await from.accept();
    }(listener_, both.server));
    world_.spawn([](Connector& to, StreamPtr& into) -> Task<void> {
      into = (co_await to.connect("mx.example.test", 25, kNever)).stream;
    }(connector_, both.client));
    EXPECT_TRUE(world_.run());
    return both;
  }

  RealWorld world_{};
  TcpListener listener_{world_, {.address = "127.0.0.1"}};
  FixedConnector connector_{world_, listener_.endpoint()};
};

Task<void> read_into(Stream& stream, std::string& bytes, IoStatus& end) {
  std::array<char, 4096> chunk{};
  while (true) {
    const IoResult got = co_await stream.read_some(chunk);
    end = got.status;
    if (got.status != IoStatus::ok) break;
    bytes.append(chunk.data(), got.count);
  }
}

Task<void> write_all(Stream& stream, std::string bytes) {
  co_await stream.write(bytes);
}

TEST_F(TcpStreamTest, AFixedConnectorTellsWhatItTried) {
  ConnectResult got;
  std::optional<TcpListener> gone(std::in_place, world_, Endpoint{.address = "127.0.0.1"});
  const Endpoint at = gone->endpoint();
  gone.reset();
  FixedConnector connector(world_, at);
  world_.spawn([](Connector& to, ConnectResult& into) -> Task<void> {
    into = co_await to.connect("mx.example.test", 25, kNever);
  }(connector, got));
  EXPECT_TRUE(world_.run());
  EXPECT_EQ(got.failed, ConnectStep::connect);
  EXPECT_EQ(got.why, host_and_port(at.address, at.port) + ": connection refused");
  EXPECT_EQ(got.attempts.at(0).end, AttemptEnd::failed);
}

TEST_F(TcpStreamTest, ItsEndsAreThePeersTheOtherWayRound) {
  Connected both = connected();
  const auto client = ends_of(*both.client);
  const auto server = ends_of(*both.server);
  ASSERT_TRUE(client && server);
  EXPECT_EQ(client->peer.port, listener_.endpoint().port);
  EXPECT_EQ(client->peer.address, "127.0.0.1");
  EXPECT_EQ(server->own.port, client->peer.port);
  EXPECT_EQ(server->peer.port, client->own.port);
  both.client->reset();
  EXPECT_FALSE(ends_of(*both.client));
}

TEST(Ends, AStreamInMemoryHasNone) {
  MemoryWorld world;
  const StreamPair both = make_memory_pair(world);
  EXPECT_FALSE(ends_of(*both.client));
}

// More than are asked directly: some are told by the event loop.
TEST_F(TcpStreamTest, OfManyConnectionsEachGetsItsOwn) {
  std::vector<Connected> all;
  for (int i = 0; i < 40; ++i) all.push_back(connected());
  std::vector<std::string> read(all.size());
  std::vector<IoStatus> ends(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    world_.spawn(read_into(*all[i].client, read[i], ends[i]));
  }
  EXPECT_FALSE(world_.run(world_.now() + 1ms)) << "nobody has sent anything";
  for (std::size_t i = all.size(); i-- > 0;) {
    world_.spawn([](Stream& stream, std::string bytes) -> Task<void> {
      co_await stream.write(bytes);
      stream.close();
    }(*all[i].server, std::to_string(i)));
  }
  EXPECT_TRUE(world_.run());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(read[i], std::to_string(i));
    EXPECT_EQ(ends[i], IoStatus::closed);
  }
}

// An idle connection on each side of a busy one, in the order in which they wait.
TEST_F(TcpStreamTest, AReaderThatGoesWhileOthersWaitTakesNobodyWithIt) {
  Connected before = connected();
  Connected middle = connected();
  Connected after = connected();
  std::array<std::string, 3> read;
  std::array<IoStatus, 3> ends{};
  world_.spawn(read_into(*before.client, read[0], ends[0]));
  world_.spawn(read_into(*middle.client, read[1], ends[1]));
  world_.spawn(read_into(*after.client, read[2], ends[2]));
  EXPECT_FALSE(world_.run(world_.now() + 1ms));
  middle.client->reset();
  before.server->close();
  after.server->close();
  EXPECT_TRUE(world_.run());
  EXPECT_EQ(ends, (std::array{IoStatus::closed, IoStatus::broken, IoStatus::closed}));
}

TEST_F(TcpStreamTest, APeersResetWakesTheReader) {
  Connected both = connected();
  std::string read;
  IoStatus end = IoStatus::ok;
  world_.spawn(read_into(*both.client, read, end));
  EXPECT_FALSE(world_.run(world_.now() + 1ms));
  both.server->reset();
  EXPECT_TRUE(world_.run());
  EXPECT_EQ(end, IoStatus::broken);
}

TEST_F(TcpStreamTest, AHalfClosedPeerIsStillWrittenTo) {
  Connected both = connected();
  both.client->close();
  std::string heard;
  IoStatus end_of_client = IoStatus::ok;
  world_.spawn(read_into(*both.server, heard, end_of_client));
  EXPECT_TRUE(world_.run());
  EXPECT_EQ(end_of_client, IoStatus::closed);

  std::string read;
  IoStatus end = IoStatus::ok;
  world_.spawn(read_into(*both.client, read, end));
  world_.spawn(write_all(*both.server, "221 bye\r\n"));
  while (read.empty()) EXPECT_FALSE(world_.run(world_.now() + 1ms)) << "nobody has closed";
  EXPECT_EQ(read, "221 bye\r\n");
  both.server->close();
  EXPECT_TRUE(world_.run());
  EXPECT_EQ(end, IoStatus::closed);
}

// What a peer sends finds the socket's event, and behind it no stream.
TEST_F(TcpStreamTest, AStreamMayGoWhileItsEventIsStillToCome) {
  Connected both = connected();
  both.client->set_deadline(world_.now() + 1ms);
  std::string read;
  IoStatus end = IoStatus::ok;
  world_.spawn(read_into(*both.client, read, end));
  EXPECT_TRUE(world_.run());
  EXPECT_EQ(end, IoStatus::timed_out);
  both.client.reset();
  world_.spawn(write_all(*both.server, "late"));
  EXPECT_TRUE(world_.run());
}

// The pipe is full until the peer reads: what was taken goes out meanwhile.
TEST_F(TcpStreamTest, MoreThanTheSystemTakesAtOnceArrivesWhole) {
  Connected both = connected();
  const std::string much(16 << 20, 'x');
  std::string read;
  IoStatus end = IoStatus::ok;
  world_.spawn(read_into(*both.client, read, end));
  world_.spawn([](Stream& stream, const std::string& bytes) -> Task<void> {
    const IoResult sent = co_await stream.write(bytes);
    EXPECT_EQ(sent.count, bytes.size());
    stream.close();
  }(*both.server, much));
  EXPECT_TRUE(world_.run());
  EXPECT_EQ(end, IoStatus::closed);
  EXPECT_TRUE(read == much) << read.size() << " bytes";
}

// ---- a peer that gathers what it writes --------------------------------------------------------

Task<void> read_once(Stream& stream, IoResult& got, std::array<char, 64>& chunk) {
  got = co_await stream.read_some(chunk);
}

// Most clients leave it to the system to gather small writes: while one of them is on its way, the
// next one waits. Whoever then goes and leaves unread what was said to him has it thrown away.
TEST_F(TcpStreamTest, WhatIsAcknowledgedAtOnceIsNotLostWhenThePeerBreaksOff) {
  listener_.acknowledge_at_once();
  const int peer = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(listener_.endpoint().port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::connect(peer, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  StreamPtr server;
  world_.spawn([](Acceptor& from, StreamPtr& into) -> Task<void> { into = co_await from.accept(); }(
                                                       listener_, server));
  EXPECT_TRUE(world_.run());
  std::array<char, 64> chunk{};
  const auto heard = [&] {
    IoResult got{.status = IoStatus::timed_out};
    world_.spawn(read_once(*server, got, chunk));
    EXPECT_TRUE(world_.run());
    return got.status == IoStatus::ok ? std::string(chunk.data(), got.count) : std::string("lost");
  };
  const auto say = [peer](const char* octet) { EXPECT_EQ(::send(peer, octet, 1, 0), 1); };
  say("x");
  EXPECT_EQ(heard(), "x");
  world_.spawn(
      write_all(*server, "y"));  // from now on acknowledgements wait for what is to be said
  EXPECT_TRUE(world_.run());
  say("a");
  say("b");
  EXPECT_EQ(heard(), "ab") << "nobody has read before";
  say("c");
  ::close(peer);
  EXPECT_EQ(heard(), "c");
}

}  // namespace
}  // namespace startle::net
