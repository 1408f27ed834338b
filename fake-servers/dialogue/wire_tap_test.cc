// What a tap makes of a server's records, as the client's end of the wire sees it: segment by
// segment, each with the time at which it came.

#include "fake-servers/dialogue/wire_tap.h"

#include <gtest/gtest.h>

#include <array>

#include "harness/base/bytes.h"
#include "harness/net/memory.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using net::IoStatus;
using net::Task;
using Strings = std::vector<std::string>;

// A record with this body, and the type of a handshake unless stated.
std::string record(const std::string& body, char type = 22) {
  return std::string{type, 3, 3, 0, static_cast<char>(body.size())} + body;
}

struct Came {
  Strings segments{};  // in hex; plain text as it is
  std::vector<net::Instant> at{};
  IoStatus end = IoStatus::ok;
};

Task<void> hear(net::World& world, net::Stream& stream, Came& came) {
  std::array<char, 256> chunk{};
  stream.set_deadline(60s);
  while (came.end == IoStatus::ok) {
    const net::IoResult got = co_await stream.read_some(chunk);
    came.end = got.status;
    if (got.status != IoStatus::ok) break;
    came.segments.push_back(to_hex({chunk.data(), got.count}));
    came.at.push_back(world.now());
  }
}

Task<void> say(net::Stream& stream, Strings writes) {
  for (const std::string& bytes : writes) {
    const net::IoResult said = co_await stream.write(bytes);
    EXPECT_EQ(said.status, IoStatus::ok);
    EXPECT_EQ(said.count == bytes.size() || said.count == 0, true);
  }
  stream.close();
}

Came behind(const std::vector<WireTap>& taps, const Strings& writes) {
  net::MemoryWorld world;
  net::StreamPair pair = net::make_memory_pair(world);
  const auto server = tapped(world, std::move(pair.server), taps);
  Came came;
  world.spawn(hear(world, *pair.client, came));
  world.spawn(say(*server, writes));
  EXPECT_TRUE(world.run());
  return came;
}

std::string hex(const std::string& bytes) {
  return to_hex(bytes);
}

const std::string kOne = record(
    "\x01"
    "ab");
const std::string kTwo = record(
    "\x02"
    "cd");
const std::string kThree = record(
    "\x03"
    "ef");

TEST(WireTap, WithoutTapsTheStreamIsTheSame) {
  net::MemoryWorld world;
  net::StreamPair pair = net::make_memory_pair(world);
  const net::Stream* const given = pair.server.get();
  EXPECT_EQ(tapped(world, std::move(pair.server), {}).get(), given);
}

struct Row {
  const char* name;
  WireTap tap;
  Strings segments;
  IoStatus end = IoStatus::closed;
};

TEST(WireTap, MeetsTheRecordOfItsNumber) {
  const Row rows[] = {
      {"drop", {.kind = TapKind::drop, .record = 2}, {hex(kOne + kThree)}},
      {"duplicate", {.kind = TapKind::duplicate, .record = 1}, {hex(kOne + kOne + kTwo + kThree)}},
      {"flip",
       {.kind = TapKind::flip, .record = 2, .octet = 6},
       {hex(kOne +
            record("\x03"
                   "cd") +
            kThree)}},
      {"flip the last",
       {.kind = TapKind::flip, .record = 3, .octet = -1},
       {hex(kOne + kTwo +
            record("\x03"
                   "eg"))}},
      {"flip beyond it",
       {.kind = TapKind::flip, .record = 3, .octet = 99},
       {hex(kOne + kTwo + kThree)}},
      {"insert",
       {.kind = TapKind::insert, .record = 3, .bytes = "x"},
       {hex(kOne + kTwo + "x" + kThree)}},
      {"replace",
       {.kind = TapKind::replace, .record = 1, .bytes = "x"},
       {hex("x" + kTwo + kThree)}},
      {"truncate",
       {.kind = TapKind::truncate, .record = 2, .octet = 6},
       {hex(kOne + kTwo.substr(0, 6))}},
      {"truncate with words",
       {.kind = TapKind::truncate, .record = 2, .bytes = "x"},
       {hex(kOne + "x")}},
      {"truncate the first", {.kind = TapKind::truncate, .record = 1}, {}},
      {"none of that number", {.kind = TapKind::drop, .record = 4}, {hex(kOne + kTwo + kThree)}},
      {"one-byte records",
       {.kind = TapKind::one_byte_records, .record = 1},
       {hex(record("\x01") + record("a") + record("b") + kTwo + kThree)}},
  };
  for (const Row& row : rows) {
    const Came came = behind({row.tap}, {kOne + kTwo + kThree});
    EXPECT_EQ(came.segments, row.segments) << row.name;
    EXPECT_EQ(came.end, row.end) << row.name;
  }
}

TEST(WireTap, CountsRecordsAndNotWrites) {
  const Came came =
      behind({{.kind = TapKind::drop, .record = 3}}, {"220 hello\r\n", kOne, kTwo + kThree, kOne});
  EXPECT_EQ(came.segments, (Strings{hex("220 hello\r\n"), hex(kOne), hex(kTwo), hex(kOne)}));
}

TEST(WireTap, SplitsEachOctetInClearAndInTls) {
  const Came came = behind({{.kind = TapKind::split}}, {"22", record("")});
  EXPECT_EQ(came.segments, (Strings{"32", "32", "16", "03", "03", "00", "00"}));
}

TEST(WireTap, SplitsOneRecordAlone) {
  const Came came = behind({{.kind = TapKind::split, .record = 2}}, {"22", kOne + record("")});
  EXPECT_EQ(came.segments, (Strings{"3232", hex(kOne), "16", "03", "03", "00", "00"}));
}

TEST(WireTap, DelaysARecordAndWhatComesBehindIt) {
  const Came came = behind({{.kind = TapKind::delay, .record = 2, .how_long = 500ms}},
                           {kOne + kTwo + kThree, kOne});
  EXPECT_EQ(came.segments, (Strings{hex(kOne), hex(kTwo + kThree), hex(kOne)}));
  EXPECT_EQ(came.at, (std::vector<net::Instant>{0ms, 500ms, 500ms}));
}

TEST(WireTap, ADelayedServerThatListensHasSpoken) {
  net::MemoryWorld world;
  net::StreamPair pair = net::make_memory_pair(world);
  const auto server = tapped(world, std::move(pair.server),
                             {{.kind = TapKind::delay, .record = 1, .how_long = 2s}});
  Came came;
  bool heard = true;
  world.spawn(hear(world, *pair.client, came));
  world.spawn([](net::Stream& stream, bool& into) -> Task<void> {
    EXPECT_EQ(stream.write_now(kOne), std::nullopt);
    stream.set_deadline(10s);
    into = co_await stream.readable();
    stream.close();
  }(*server, heard));
  EXPECT_TRUE(world.run());
  EXPECT_FALSE(heard);
  EXPECT_EQ(came.segments, Strings{hex(kOne)});
  EXPECT_EQ(came.at, std::vector<net::Instant>{2s});
}

TEST(WireTap, ServerGoesOnBehindACutWithoutNoticing) {
  const Came came = behind({{.kind = TapKind::truncate, .record = 1, .octet = 2}}, {kOne, kTwo});
  EXPECT_EQ(came.segments, Strings{"1603"});
  EXPECT_EQ(came.end, IoStatus::closed);
}

TEST(WireTap, AResetBreaksTheConnection) {
  const Came came = behind({{.kind = TapKind::reset, .record = 1}}, {kOne, kTwo});
  EXPECT_EQ(came.end, IoStatus::broken);
}

TEST(WireTap, RecordsOfOneOctetEndWithTheHandshakeInClear) {
  const std::string spec = record("\x01", 20);
  const Came came =
      behind({{.kind = TapKind::one_byte_records}}, {record("ab") + spec + record("cd")});
  EXPECT_EQ(came.segments, Strings{hex(record("a") + record("b") + spec + record("cd"))});
}

}  // namespace
}  // namespace startle::fake
