// What is written down of a stream is what both ends of it have said, in memory and over TCP.

#include "harness/pcapng/recorded.h"

#include <gtest/gtest.h>

#include <random>

#include "harness/base/file.h"
#include "harness/net/tcp.h"
#include "harness/net/worlds_for_test.h"
#include "harness/pcapng/capture_for_test.h"

namespace startle::pcapng {
namespace {

using net::IoStatus;
using net::StreamPair;
using net::Task;
using net::Told;
using net::Transport;

class RecordedTest : public net::BothWorlds {
 protected:
  bool is_tcp() const { return GetParam() == Transport::tcp; }
  // Of which `own` is written down.
  StreamPair connected(const Connection& connection = {}) {
    StreamPair both = network_.connected();
    auto& end = connection.own == Side::client ? both.client : both.server;
    end = recorded(evidence_, world(), std::move(end), connection);
    return both;
  }
  std::vector<Block> blocks() {
    EXPECT_EQ(evidence_->finish(), "");
    return read_capture(read_file(file(), 1 << 26));
  }
  // Of one connection.
  Receiver receiver() {
    Receiver made;
    for (const Block& block : blocks()) {
      if (block.kind == Block::Kind::packet) made.take({block.content});
    }
    return made;
  }
  static std::string said_by_client(const Receiver& from) {
    for (const auto& [port, heard] : from.sides) {
      if (port != 25) return heard.said;
    }
    return "";
  }
  std::filesystem::path file() const { return folder_.path() / "a.pcapng"; }

  TemporaryFolder folder_{};
  std::shared_ptr<Evidence> evidence_ = std::make_shared<Evidence>(
      Evidence::Wanted{.pcap = file(), .clock = Time(std::chrono::seconds(1000))});
};

TEST_P(RecordedTest, ADialogueIsWrittenDownFromGreetingToEnd) {
  {
    StreamPair both = connected({.about = "smtp/auth/plain"});
    EXPECT_EQ(write(*both.server, "220 ready\r\n"), IoStatus::ok);
    EXPECT_EQ(write(*both.client, "QUIT\r\n"), IoStatus::ok);
    both.client->close();
    EXPECT_EQ(read_all(*both.server).bytes, "QUIT\r\n");
    both.server->close();
    EXPECT_EQ(read_all(*both.client).bytes, "220 ready\r\n");
  }
  const std::vector<Block> all = blocks();
  Receiver receiver;
  std::string order;
  for (const Block& block : all) {
    if (block.kind != Block::Kind::packet) continue;
    receiver.take({block.content});
    const unsigned flags = receiver.last.flags;
    if ((flags & (kSyn | kFin)) != 0 || !receiver.last.bytes.empty()) {
      order += receiver.last.from_port == 25 ? "s" : "c";
      order += (flags & kSyn) != 0 ? "+" : (flags & kFin) != 0 ? "-" : ":";
    }
  }
  EXPECT_EQ(order, "c+s+s:c:c-s-");
  EXPECT_EQ(receiver.sides[25].said, "220 ready\r\n");
  EXPECT_EQ(said_by_client(receiver), "QUIT\r\n");
  ASSERT_GT(all.size(), 2U);
  EXPECT_TRUE(all[2].comment.starts_with("smtp/auth/plain")) << all[2].comment;
  EXPECT_GE(all[2].time, 1'000'000'000'000U);
}

// A server's port that says nothing of the protocol is told, and the protocol's stands in its
// place.
TEST_P(RecordedTest, AddressesAreThoseOfTheConnection) {
  std::optional<net::Ends> ends;
  {
    StreamPair both = network_.connected();
    ends = net::ends_of(*both.client);
    const auto end = recorded(evidence_, world(), std::move(both.server), {.usual_port = 389});
  }
  const Block syn = blocks().at(2);
  const Read packet = read_packet(syn.content);
  EXPECT_EQ(packet.to_port, 389);
  ASSERT_EQ(ends.has_value(), is_tcp());
  if (!ends) {
    EXPECT_EQ(packet.from, "\xc6\x33\x64\x01");  // 198.51.100.1
    EXPECT_EQ(packet.to, std::string("\xc0\0\2\1", 4));
    EXPECT_EQ(syn.comment, "");
    return;
  }
  EXPECT_EQ(packet.from_port, ends->own.port);
  EXPECT_EQ(packet.from, std::string("\x7f\0\0\1", 4));
  EXPECT_EQ(syn.comment, "the server's port is " + std::to_string(ends->peer.port));
}

TEST_P(RecordedTest, AClientsEndIsWrittenDownAlike) {
  {
    StreamPair both = connected({.own = Side::client});
    write(*both.client, "EHLO a\r\n");
    write(*both.server, "250 b\r\n");
    both.server->close();
    EXPECT_EQ(read_all(*both.client).bytes, "250 b\r\n");
  }
  const Receiver receiver = this->receiver();
  EXPECT_EQ(receiver.sides.at(25).said, "250 b\r\n");
  EXPECT_EQ(said_by_client(receiver), "EHLO a\r\n");
}

TEST_P(RecordedTest, AResetIsWrittenDown) {
  {
    StreamPair both = connected();
    both.server->reset();
  }
  const Receiver receiver = this->receiver();
  EXPECT_EQ(receiver.last.flags, kRst | kAck);
  EXPECT_EQ(receiver.last.from_port, 25);
}

TEST_P(RecordedTest, APeersResetIsWrittenDown) {
  {
    StreamPair both = connected();
    both.client->reset();
    EXPECT_EQ(read_all(*both.server).end, IoStatus::broken);
  }
  const Receiver receiver = this->receiver();
  EXPECT_EQ(receiver.last.flags, kRst | kAck);
  EXPECT_NE(receiver.last.from_port, 25);
}

TEST_P(RecordedTest, SecretsAreBlottedOutAndStillSaid) {
  {
    StreamPair both = connected({.blotted = {"hunter2"}});
    write(*both.client, "AUTH hunt");
    both.client->close();
    write(*both.server, "334 hunter2\r\n");
    EXPECT_EQ(read_all(*both.server).bytes, "AUTH hunt");
    both.server->close();
    EXPECT_EQ(read_all(*both.client).bytes, "334 hunter2\r\n");
  }
  const Receiver receiver = this->receiver();
  EXPECT_EQ(said_by_client(receiver), "AUTH xxxx");
  EXPECT_EQ(receiver.sides.at(25).said, "334 xxxxxxx\r\n");
}

// What a session makes of octets stands before them.
TEST_P(RecordedTest, SecretsThatAReadBroughtAboutStandBeforeIt) {
  {
    StreamPair both = connected();
    write(*both.client, "ClientKeyExchange");
    std::array<char, 64> chunk{};
    world().spawn([](net::Stream& from, std::span<char> into, Evidence& evidence) -> Task<void> {
      const net::IoResult got = co_await from.read_some(into);
      EXPECT_EQ(got.count, 17U);
      evidence.add_secret("CLIENT_RANDOM 00 11\n");
      co_await from.write("Finished");
    }(*both.server, chunk, *evidence_));
    EXPECT_TRUE(run());
  }
  std::string order;
  for (const Block& block : blocks()) {
    if (block.kind == Block::Kind::secrets) order += "secret ";
    if (block.kind == Block::Kind::packet) {
      const std::string said = read_packet(block.content).bytes;
      if (!said.empty()) order += said + " ";
    }
  }
  EXPECT_EQ(order, "secret ClientKeyExchange Finished ");
}

Task<void> write_pieces(net::Stream& to, std::vector<std::string> pieces) {
  for (const std::string& piece : pieces) {
    const net::IoResult sent = co_await to.write(piece);
    EXPECT_EQ(sent.status, IoStatus::ok);
  }
  to.close();
}

// Whatever sizes the pieces have, both sides' octets are there, in order and without a gap.
TEST_P(RecordedTest, PiecesOfAnySizeAreWrittenDownWhole) {
  std::mt19937 random(7);  // NOLINT: the same each time
  std::array<std::vector<std::string>, 2> pieces;
  std::array<std::string, 2> all;
  for (std::size_t side = 0; side < 2; ++side) {
    for (int i = 0; i < 40; ++i) {
      std::string piece(1 + random() % (std::size_t{1} << random() % 17U), '\0');
      for (char& c : piece) c = static_cast<char>(random());
      all[side] += piece;
      pieces[side].push_back(std::move(piece));
    }
  }
  {
    StreamPair both = connected();
    std::array<Told, 2> told;
    world().spawn(write_pieces(*both.client, pieces[0]));
    world().spawn(write_pieces(*both.server, pieces[1]));
    world().spawn(read_to_end(*both.server, told[0]));
    world().spawn(read_to_end(*both.client, told[1]));
    ASSERT_TRUE(run());
    EXPECT_TRUE(told[0].bytes == all[0]);
    EXPECT_TRUE(told[1].bytes == all[1]);
  }
  const Receiver receiver = this->receiver();
  EXPECT_TRUE(said_by_client(receiver) == all[0]);
  EXPECT_TRUE(receiver.sides.at(25).said == all[1]);
}

TEST_P(RecordedTest, AConnectorsStreamsAreWrittenDown) {
  RecordedConnector connector(evidence_, world(), network_.connector(), {.usual_port = 389});
  net::ConnectResult result;
  world().spawn([](net::Connector& to, net::ConnectResult& into) -> Task<void> {
    into = co_await to.connect("ldap.example.test", 389, net::kNever);
  }(connector, result));
  ASSERT_TRUE(run());
  ASSERT_NE(result.stream, nullptr);
  write(*result.stream, "bind");
  result.stream.reset();
  const Receiver receiver = this->receiver();
  EXPECT_EQ(receiver.sides.count(389), 1U);
  for (const auto& [port, heard] : receiver.sides) {
    EXPECT_EQ(heard.said, port == 389 ? "" : "bind");
  }
}

TEST_P(RecordedTest, WithoutEvidenceAStreamIsItself) {
  StreamPair both = network_.connected();
  net::Stream* const own = both.server.get();
  EXPECT_EQ(recorded(nullptr, world(), std::move(both.server), {}).get(), own);
}

IN_BOTH_WORLDS(RecordedTest);

}  // namespace
}  // namespace startle::pcapng
