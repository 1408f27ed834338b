// Clients that send without end, or hardly anything: what a server keeps of them has a bound, how
// long it hears them has one, and what is lost is counted.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "fake-servers/raw_client_for_test.h"
#include "harness/base/text.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using net::IoStatus;
using net::Task;

// What a client has met.
struct Met {
  Observation seen{};
  std::string heard{};
  std::size_t sent = 0;
  IoStatus end = IoStatus::ok;  // of its last write
  net::Instant took{};
};

// Says `first`, then `piece` over and over, each when the server has nothing left to do and so long
// after the last, until it cannot or has sent `most`.
struct Endless {
  std::vector<std::string> first{};
  std::string piece{};
  std::size_t most = 0;
  std::chrono::milliseconds pause{};
};

Task<void> listen(net::World& world, net::Stream& stream, std::string& heard) {
  std::array<char, 4096> chunk{};
  IoStatus status = IoStatus::ok;
  while (status == IoStatus::ok) {
    stream.set_deadline(world.now() + 10ms);
    const net::IoResult got = co_await stream.read_some(chunk);
    status = got.status;
    heard.append(chunk.data(), got.count);
  }
}

Task<void> send(net::World& world, net::Stream& stream, const Endless& client, Met& met) {
  co_await listen(world, stream, met.heard);
  for (const std::string& one : client.first) {
    co_await stream.write(one);
    co_await listen(world, stream, met.heard);
  }
  while (met.sent < client.most) {
    met.end = (co_await stream.write(client.piece)).status;
    if (met.end != IoStatus::ok) break;
    met.sent += client.piece.size();
    co_await world.sleep_until(world.now() + client.pause);
  }
  met.took = world.now();
  if (met.end == IoStatus::ok) co_await listen(world, stream, met.heard);
  stream.close();
}

Met meet(const Server& server, const Endless& client) {
  Met met;
  net::MemoryWorld world;
  net::StreamPair pair = net::make_memory_pair(world);
  world.spawn(serve(world, std::move(pair.server), server, met.seen));
  world.spawn(send(world, *pair.client, client, met));
  EXPECT_TRUE(world.run(24h)) << "somebody waits for ever";
  return met;
}

std::string many(std::string_view line, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += line;
  return all;
}

std::size_t octets_of(const std::vector<std::string>& lines) {
  std::size_t all = 0;
  for (const std::string& line : lines) all += line.size();
  return all;
}

void expect_bounded(const Observation& seen) {
  constexpr std::size_t kCommands = 2 * Observation::kMostCommands;
  for (const auto* commands : {&seen.clear_commands, &seen.tls_commands}) {
    EXPECT_LE(commands->size(), kCommands);
    EXPECT_LE(octets_of(*commands), kCommands * (Observation::kLongestCommand + 30));
  }
  for (const auto* bytes : {&seen.bytes_in_clear, &seen.bytes_in_tls, &seen.bytes_said}) {
    EXPECT_LE(bytes->size(), Observation::kMostBytes);
  }
  EXPECT_LE(seen.segments.size(), Observation::kMostSegments);
  EXPECT_LE(seen.understood.size(), Observation::kMostUnderstood);
  std::size_t understood = 0;
  for (const Understood& one : seen.understood) understood += one.text.size();
  EXPECT_LE(understood, Observation::kMostBytes);
}

Server silent() {
  return server_for_test({.deviations = {{Point::greeting, {Send{"220 x\r\n"}, Silence{}}}}});
}

struct Row {
  const char* name;
  Server server;
  std::vector<std::string> first;
  std::string piece;
};

std::vector<Row> rows() {
  const std::string noops = many("NOOP\r\n", 10'000);
  const std::string record = "\x17\x03\x03\x40\x00"s + std::string(16384, 'x');
  const std::vector<std::string> failed_tls{"EHLO c\r\n", "STARTTLS\r\n",
                                            "\x16\x03\x01\x00\x04zzzz"s};
  const Server ldap = ldap_server_for_test();
  return {
      {"leaving", server_for_test(), {"QUIT\r\n"}, noops},
      {"silent", silent(), {}, noops},
      {"behind the notice", ldap, {"nonsense"}, noops},
      {"a line without end", server_for_test(), {}, std::string(65536, 'x')},
      {"a message without end of LDAP", ldap, {"\x30\x84\x7f\xff\xff\xff"s}, noops},
      {"one that is not too long", ldap, {"\x30\x83\x0f\xff\x00"s}, noops},
      {"warnings in a handshake",
       server_for_test(),
       {"EHLO c\r\n", "STARTTLS\r\n"},
       many("\x15\x03\x01\x00\x02\x01\x5a"s, 2000)},
      {"in clear behind TLS that failed", server_for_test(), failed_tls, noops},
      {"records behind TLS that failed", server_for_test(), failed_tls, many(record, 4)},
      {"lines and records behind it", server_for_test(), failed_tls, many(noops + record, 2)},
  };
}

TEST(Flood, NobodyHearsItWithoutEnd) {
  constexpr std::size_t kEver = 64 << 20;
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.name);
    const Met met = meet(row.server, {.first = row.first, .piece = row.piece, .most = kEver});
    EXPECT_EQ(met.end, IoStatus::broken);
    EXPECT_LT(met.sent, kEver);
    expect_bounded(met.seen);
  }
}

TEST(Flood, ALineThatIsTooLongIsRefusedAsSuch) {
  const Met met = meet(server_for_test(), {.piece = "NOOP " + std::string(13000, 'x'), .most = 1});
  EXPECT_TRUE(met.heard.ends_with("500 5.5.2 Line too long\r\n")) << met.heard;
}

TEST(Flood, WhatWasThrownAwayIsSaid) {
  const Met met =
      meet(server_for_test(),
           {.first = {"QUIT\r\n"}, .piece = many("NOOP\r\n", 10'000), .most = 64 << 20});
  EXPECT_GT(met.seen.octets_dropped, met.sent / 2);
  EXPECT_LE(met.seen.octets_dropped, met.sent);
  EXPECT_EQ(lines_of(met.seen).back(),
            ".. (" + std::to_string(met.seen.octets_dropped) + " octets were thrown away unread)");
}

// Each is answered; the list of them is cut, but hides nothing.
TEST(Flood, OfAnsweredCommandsTheFirstAndThoseOfAnotherKindAreHeld) {
  constexpr std::size_t kNoops = 20'000;
  const Met met =
      meet(server_for_test(),
           {.piece = many("NOOP\r\n", kNoops) + "MAIL FROM:<a@b.test>\r\nNOOP\r\n", .most = 1});
  const Observation& seen = met.seen;
  expect_bounded(seen);
  EXPECT_EQ(std::count(met.heard.begin(), met.heard.end(), '\n'), kNoops + 3);
  ASSERT_EQ(seen.clear_commands.size(), Observation::kMostCommands + 2);
  EXPECT_EQ(seen.clear_commands[Observation::kMostCommands], "NOOP");
  EXPECT_EQ(seen.clear_commands.back(), "MAIL FROM:<a@b.test>");
  EXPECT_EQ(seen.clear_commands_cut, kNoops + 2 - seen.clear_commands.size());
  const std::vector<std::string> lines = lines_of(seen);
  EXPECT_TRUE(std::find(lines.begin(), lines.end(),
                        ".. (" + std::to_string(seen.understood_cut) +
                            " more commands are not shown)") != lines.end());
  EXPECT_EQ(seen.understood.size() + seen.understood_cut, kNoops + 2);
}

// Requests of LDAP that differ only in what they look for are of one kind.
TEST(Flood, OfRequestsTooAndALongOneIsShortened) {
  std::string all;
  for (int i = 1; i <= 1000; ++i) {
    all += request(i, search_for("dc=" + std::to_string(i), wire::LdapScope::whole_subtree));
  }
  all += request(1001, simple_bind("uid=" + std::string(5000, 'x'), "secret"));
  const Met met = meet(ldap_server_for_test(), {.piece = all, .most = 1});
  const auto& commands = met.seen.clear_commands;
  expect_bounded(met.seen);
  ASSERT_EQ(commands.size(), Observation::kMostCommands + 2);
  EXPECT_TRUE(commands.back().starts_with("bind \"uid=xxx")) << commands.back();
  EXPECT_TRUE(commands.back().ends_with("xx.. (5020 bytes)")) << commands.back();
}

// A server that pauses goes on with all of it.
TEST(Flood, WhatComesDuringAPauseIsAnsweredBehindIt) {
  constexpr std::size_t kNoops = 50'000;
  const Server server = server_for_test({.deviations = {{Point::ehlo, {Pause{1min}, Usual{}}}}});
  const Met met =
      meet(server, {.piece = "EHLO c\r\n" + many("NOOP\r\n", kNoops), .most = 1, .pause = 2min});
  constexpr std::size_t kOthers = 6;  // the greeting, and the answer to EHLO
  EXPECT_EQ(std::count(met.heard.begin(), met.heard.end(), '\n'), kNoops + kOthers);
  EXPECT_EQ(met.seen.octets_dropped, 0U);
}

// ---- time --------------------------------------------------------------------------------------

TEST(Flood, PatienceIsForTheWholeWaitAndNotForEachOctet) {
  const std::string login = "AUTH LOGIN\r\n";
  Server lax = server_for_test({.accepts_in_clear = true});
  for (const Row& row : std::vector<Row>{
           {"a command", server_for_test(), {}, "x"},
           {"an answer", lax, {"EHLO c\r\n", login}, "x"},
           {"silence", silent(), {}, "x"},
           {"a handshake", server_for_test(), {"EHLO c\r\n", "STARTTLS\r\n", "\x16"s}, "\x03"},
           {"a message of LDAP", ldap_server_for_test(), {"\x30\x82\x0f\xff"s}, "x"},
       }) {
    SCOPED_TRACE(row.name);
    const Met met =
        meet(row.server, {.first = row.first, .piece = row.piece, .most = 500, .pause = 1min});
    EXPECT_EQ(met.end, IoStatus::broken);
    EXPECT_LE(met.took, 33min);
  }
}

// ---- attempts to authenticate ------------------------------------------------------------------

TEST(Flood, AttemptsAreHeldInNumberAndStillJudged) {
  Observation seen;
  AuthWatch watch(seen);
  for (int i = 0; i < 1000; ++i) {
    watch.attempted(sasl::Mechanism::scram_sha_256);
    watch.replied(AuthReply::refused);
    watch.attempted(sasl::Mechanism::scram_sha_256);
    watch.replied(AuthReply::not_known);
    seen.use_in_tls("SCRAM-SHA-256");
  }
  EXPECT_EQ(seen.auth_refused.size(), Observation::kMostMechanisms);
  EXPECT_EQ(seen.auth_not_known.size(), Observation::kMostMechanisms);
  EXPECT_FALSE(seen.stepped_down);
  watch.attempted(sasl::Mechanism::plain);
  EXPECT_TRUE(seen.stepped_down);

  for (int i = 0; i < 1000; ++i) seen.use_in_tls("X-" + std::to_string(i) + std::string(5000, 'x'));
  EXPECT_EQ(seen.auth_used_in_tls.size(), 2 * Observation::kMostMechanisms);
  EXPECT_LE(octets_of(seen.auth_used_in_tls), 128 * 64U);
}

}  // namespace
}  // namespace startle::fake
