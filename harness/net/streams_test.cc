// What a stream does when its other end, or its own side, goes: over memory as over TCP.

#include "harness/net/stream.h"

#include <algorithm>

#include "harness/net/worlds_for_test.h"

namespace startle::net {
namespace {

using namespace std::chrono_literals;

class Streams : public BothWorlds {};
IN_BOTH_WORLDS(Streams);

// ---- resets ------------------------------------------------------------------------------------

TEST_P(Streams, AResetBeforeAReadIsBrokenAndNotClosed) {
  StreamPair both = network_.connected();
  both.server->reset();
  EXPECT_EQ(read_all(*both.client).end, IoStatus::broken);
}

TEST_P(Streams, AResetWakesWhoeverReads) {
  StreamPair both = network_.connected();
  Told told;
  world().spawn(read_to_end(*both.client, told));
  settle();
  both.server->reset();
  EXPECT_TRUE(run());
  EXPECT_EQ(told.end, IoStatus::broken);
}

TEST_P(Streams, AResetBehindBytesThatWereReadIsBroken) {
  StreamPair both = network_.connected();
  Told told;
  world().spawn(read_to_end(*both.client, told));
  const auto sent = both.server->write_now("220 ");
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->status, IoStatus::ok);
  while (told.bytes.empty()) settle();
  both.server->reset();
  EXPECT_TRUE(run());
  EXPECT_EQ(told.bytes, "220 ");
  EXPECT_EQ(told.end, IoStatus::broken);
}

TEST_P(Streams, OnesOwnResetWakesOnesOwnReader) {
  StreamPair both = network_.connected();
  Told told;
  world().spawn(read_to_end(*both.client, told));
  settle();
  both.client->reset();
  EXPECT_TRUE(run());
  EXPECT_EQ(told.end, IoStatus::broken);
  EXPECT_EQ(write(*both.client, "x"), IoStatus::broken);
}

TEST_P(Streams, AResetIsToldToWhoeverWrites) {
  StreamPair both = network_.connected();
  both.server->reset();
  IoStatus last = IoStatus::ok;
  for (int i = 0; i < 1000 && last == IoStatus::ok; ++i) last = write(*both.client, "NOOP\r\n");
  EXPECT_EQ(last, IoStatus::broken);
}

TEST_P(Streams, BothMayResetAtOnce) {
  StreamPair both = network_.connected();
  std::array<Told, 2> told;
  world().spawn(read_to_end(*both.client, told[0]));
  world().spawn(read_to_end(*both.server, told[1]));
  settle();
  both.client->reset();
  both.server->reset();
  both.server->reset();
  EXPECT_TRUE(run());
  for (const Told& one : told) EXPECT_EQ(one.end, IoStatus::broken);
}

// ---- half-closed -------------------------------------------------------------------------------

TEST_P(Streams, AHalfClosedPeerHearsAllThatIsSaidBehindIt) {
  StreamPair both = network_.connected();
  both.client->close();
  EXPECT_EQ(read_all(*both.server).end, IoStatus::closed);
  for (const char* line : {"250 1\r\n", "250 2\r\n", "221 Bye\r\n"}) {
    EXPECT_EQ(write(*both.server, line), IoStatus::ok) << line;
  }
  both.server->close();
  const Told told = read_all(*both.client);
  EXPECT_EQ(told.bytes, "250 1\r\n250 2\r\n221 Bye\r\n");
  EXPECT_EQ(told.end, IoStatus::closed);
}

TEST_P(Streams, WhatWasSentBeforeACloseIsReadBeforeIt) {
  StreamPair both = network_.connected();
  EXPECT_EQ(write(*both.server, "421 "), IoStatus::ok);
  EXPECT_EQ(write(*both.server, "going\r\n"), IoStatus::ok);
  both.server->close();
  both.server->close();  // twice is once
  const Told told = read_all(*both.client);
  EXPECT_EQ(told.bytes, "421 going\r\n");
  EXPECT_EQ(told.end, IoStatus::closed);
  EXPECT_EQ(read_all(*both.client).end, IoStatus::closed) << "again";
}

TEST_P(Streams, BehindItsOwnCloseNothingIsWritten) {
  StreamPair both = network_.connected();
  both.client->close();
  EXPECT_EQ(write(*both.client, "x"), IoStatus::broken);
}

TEST_P(Streams, AnEndThatIsDestroyedIsClosed) {
  StreamPair both = network_.connected();
  Told told;
  world().spawn(read_to_end(*both.client, told));
  settle();
  both.server.reset();
  EXPECT_TRUE(run());
  EXPECT_EQ(told.end, IoStatus::closed);
}

// ---- deadlines ---------------------------------------------------------------------------------

TEST_P(Streams, AfterADeadlineTheNextOneCounts) {
  StreamPair both = network_.connected();
  for (int i = 0; i < 3; ++i) {
    both.client->set_deadline(world().now() + 1ms);
    EXPECT_EQ(read_all(*both.client).end, IoStatus::timed_out);
  }
  both.client->set_deadline(kNever);
  EXPECT_EQ(write(*both.server, "250 late\r\n"), IoStatus::ok);
  both.server->close();
  EXPECT_EQ(read_all(*both.client).bytes, "250 late\r\n");
}

TEST_P(Streams, ADeadlineThatHasPassedEndsAWaitAtOnce) {
  StreamPair both = network_.connected();
  world().run(world().now() + 1ms);
  both.client->set_deadline(0s);
  EXPECT_EQ(read_all(*both.client).end, IoStatus::timed_out);
}

// ---- much, and slowly --------------------------------------------------------------------------

Task<void> read_slowly(World& world, Stream& stream, Told& into) {
  std::array<char, 1500> chunk{};
  for (std::size_t reads = 0; into.end == IoStatus::ok; ++reads) {
    const IoResult got = co_await stream.read_some(chunk);
    into.end = got.status;
    into.bytes.append(chunk.data(), got.count);
    constexpr std::size_t kSeldom = 256;
    if (reads % kSeldom == 0) co_await world.sleep_until(world.now() + 100us);
  }
}

TEST_P(Streams, MuchReachesASlowReaderWholeAndInOrder) {
  StreamPair both = network_.connected();
  std::string much(4 << 20, '\0');
  for (std::size_t i = 0; i < much.size(); ++i) much[i] = static_cast<char>(i * 2654435761U >> 13U);
  std::array<Told, 2> told;
  std::array<Stream*, 2> ends{both.client.get(), both.server.get()};
  for (std::size_t i = 0; i < 2; ++i) {  // both ways at once
    world().spawn(read_slowly(world(), *ends[i], told[i]));
    world().spawn([](Stream& to, const std::string& all) -> Task<void> {
      constexpr std::size_t kPiece = 300'001;
      for (std::size_t at = 0; at < all.size(); at += kPiece) {
        const std::string_view piece = std::string_view(all).substr(at, kPiece);
        const IoResult sent = co_await to.write(piece);
        EXPECT_EQ(sent.count, piece.size());
      }
      to.close();
    }(*ends[1 - i], much));
  }
  EXPECT_TRUE(run());
  for (const Told& one : told) {
    EXPECT_EQ(one.end, IoStatus::closed);
    EXPECT_TRUE(one.bytes == much) << one.bytes.size();
  }
}

// ---- the end of a world ------------------------------------------------------------------------

TEST_P(Streams, AWorldGoesWithEverythingThatWaitsInIt) {
  auto alive = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = alive;
  {
    Network network(GetParam());
    StreamPair both = network.connected();
    World& world = network.world();
    world.spawn([](Acceptor& from, std::shared_ptr<int>) -> Task<void> {
      while (const auto next = co_await from.accept()) {
      }
    }(network.acceptor(), alive));
    world.spawn([](World& in, std::shared_ptr<int>) -> Task<void> {
      co_await in.sleep_until(in.now() + 10h);
    }(world, alive));
    world.spawn([](std::unique_ptr<Stream> stream, std::shared_ptr<int>) -> Task<void> {
      stream->set_deadline(10h);
      Told told;
      co_await read_to_end(*stream, told);
    }(std::move(both.client), alive));
    world.spawn([](std::unique_ptr<Stream> stream, std::shared_ptr<int>) -> Task<void> {
      const std::string much(8 << 20, 'x');
      co_await stream->write(much);
      Told told;
      co_await read_to_end(*stream, told);
    }(std::move(both.server), std::move(alive)));
    EXPECT_FALSE(world.run(world.now() + 5ms));
  }
  EXPECT_TRUE(watch.expired());
}

// Also those that would be woken next.
TEST_P(Streams, AWorldGoesWithWhatIsAboutToRun) {
  auto alive = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = alive;
  {
    Network network(GetParam());
    StreamPair both = network.connected();
    network.world().spawn([](Stream& stream, std::shared_ptr<int>) -> Task<void> {
      Told told;
      co_await read_to_end(stream, told);
    }(*both.client, std::move(alive)));
    network.world().run(network.world().now() + 1ms);
    both.client->reset();
    network.acceptor().interrupt();
  }
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace startle::net
