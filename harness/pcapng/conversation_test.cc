// What packets say, as a reader and a receiver of the tests' own take it.

#include "harness/pcapng/conversation.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "harness/pcapng/capture_for_test.h"

namespace startle::pcapng {
namespace {

constexpr unsigned kClientPort = 40000;

Conversation conversation(const char* client = "198.51.100.7", const char* server = "192.0.2.1",
                          std::uint32_t number = 1) {
  return {{.address = client, .port = kClientPort}, {.address = server, .port = 25}, number};
}

TEST(Conversation, OpensWithThreePackets) {
  Conversation tcp = conversation();
  const Packets packets = tcp.open();
  ASSERT_EQ(packets.size(), 3U);
  const Read syn = read_packet(packets[0]);
  EXPECT_EQ(syn.flags, kSyn);
  EXPECT_EQ(syn.from, std::string("\xc6\x33\x64\x07"));
  EXPECT_EQ(syn.from_port, kClientPort);
  EXPECT_EQ(syn.to_port, 25);
  EXPECT_EQ(read_packet(packets[1]).flags, kSyn | kAck);
  EXPECT_EQ(read_packet(packets[1]).from_port, 25);
  EXPECT_EQ(read_packet(packets[1]).acknowledges, syn.sequence + 1);
  EXPECT_EQ(read_packet(packets[2]).flags, kAck);
}

TEST(Conversation, BothSidesCloseAndSayNoMore) {
  Conversation tcp = conversation();
  Receiver receiver;
  receiver.take(tcp.open());
  receiver.take(tcp.say(Side::server, "220 ready\r\n"));
  receiver.take(tcp.close(Side::client));
  EXPECT_TRUE(tcp.say(Side::client, "NOOP\r\n").empty());
  EXPECT_TRUE(tcp.close(Side::client).empty());
  receiver.take(tcp.say(Side::server, "221 bye\r\n"));
  receiver.take(tcp.close(Side::server));
  EXPECT_TRUE(tcp.reset(Side::server).empty());
  EXPECT_EQ(receiver.sides[25].said, "220 ready\r\n221 bye\r\n");
  EXPECT_EQ(receiver.sides[kClientPort].said, "");
}

TEST(Conversation, AfterAResetNobodySaysAnything) {
  Conversation tcp = conversation();
  Receiver receiver;
  receiver.take(tcp.open());
  receiver.take(tcp.reset(Side::client));
  EXPECT_EQ(receiver.last.flags, kRst | kAck);
  EXPECT_TRUE(tcp.say(Side::server, "421\r\n").empty());
  EXPECT_TRUE(tcp.close(Side::server).empty());
  EXPECT_TRUE(tcp.reset(Side::server).empty());
}

struct AddressRow {
  const char* name;
  const char* client;
  const char* server;
  std::size_t octets;
  const char* from;
};
void PrintTo(const AddressRow& row, std::ostream* out) {
  *out << row.name;
}
class Addresses : public testing::TestWithParam<AddressRow> {};

TEST_P(Addresses, AreThoseOfThePackets) {
  const AddressRow& row = GetParam();
  Conversation tcp = conversation(row.client, row.server);
  Receiver receiver;
  receiver.take(tcp.open());
  receiver.take(tcp.say(Side::client, "odd"));
  EXPECT_EQ(receiver.last.from, std::string(row.from, row.octets));
}

INSTANTIATE_TEST_SUITE_P(
    Of, Addresses,
    testing::Values(AddressRow{"V4", "127.0.0.1", "127.0.0.1", 4, "\x7f\0\0\1"},
                    AddressRow{"V6", "::1", "::1", 16, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"},
                    AddressRow{"Zone", "fe80::1%eth0", "fe80::2%eth0", 16,
                               "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1"},
                    AddressRow{"Mixed", "127.0.0.1", "::1", 16,
                               "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\1"},
                    AddressRow{"None", "nowhere", "127.0.0.1", 4, "\0\0\0\0"}),
    [](const testing::TestParamInfo<AddressRow>& row) { return row.param.name; });

TEST(Conversation, ThoseOfOneClientsPortBeginElsewhere) {
  Conversation first = conversation("127.0.0.1", "127.0.0.1", 1);
  Conversation second = conversation("127.0.0.1", "127.0.0.1", 2);
  EXPECT_NE(read_packet(first.open()[0]).sequence, read_packet(second.open()[0]).sequence);
}

// Whatever pieces are said, each side's octets arrive whole, within the window, and sequence
// numbers begin again at 2^32.
TEST(Conversation, WhateverIsSaidArrives) {
  std::mt19937 random(19);  // NOLINT: the same each time
  for (const std::uint32_t number : {0U, 1U, 0x7fffU, 0xffffffffU}) {
    Conversation tcp = conversation("127.0.0.1", "127.0.0.1", number);
    Receiver receiver;
    receiver.take(tcp.open());
    std::map<Side, std::string> said;
    for (int turn = 0; turn < 60; ++turn) {
      const Side who = random() % 3 == 0 ? Side::client : Side::server;
      const std::size_t size = std::size_t{1} << random() % 18U;
      std::string bytes(random() % size + 1, '\0');
      for (char& c : bytes) c = static_cast<char>(random());
      said[who] += bytes;
      receiver.take(tcp.say(who, bytes));
    }
    receiver.take(tcp.close(Side::server));
    receiver.take(tcp.close(Side::client));
    EXPECT_TRUE(receiver.sides[kClientPort].said == said[Side::client]);
    EXPECT_TRUE(receiver.sides[25].said == said[Side::server]);
  }
}

TEST(Conversation, NothingSaidIsNoPacket) {
  Conversation tcp = conversation();
  tcp.open();
  EXPECT_TRUE(tcp.say(Side::client, "").empty());
}

}  // namespace
}  // namespace startle::pcapng
