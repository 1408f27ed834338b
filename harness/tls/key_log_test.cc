// The secrets that a session tells are those by which others read what it says: both ends tell the
// same, before anything that they protect is on its way.

#include "harness/tls/key_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "harness/net/memory.h"
#include "harness/net/tap.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/session.h"

namespace startle::tls {
namespace {

using net::Task;

TEST(KeyLog, ALineIsALabelAndTwoStringsInHex) {
  EXPECT_EQ(key_log_line("CLIENT_RANDOM", "\x01\xff", "\xab"), "CLIENT_RANDOM 01ff ab\n");
}

Task<void> serve(Session& session) {
  const HandshakeResult result = co_await session.handshake();
  EXPECT_EQ(result.end, HandshakeEnd::established) << result.text;
  co_await session.write("x");
  std::array<char, 8> chunk{};
  co_await session.read_some(chunk);
}

Task<void> use(Session& session, std::string& data) {
  const HandshakeResult result = co_await session.handshake();
  EXPECT_EQ(result.end, HandshakeEnd::established) << result.text;
  std::array<char, 8> chunk{};
  co_await session.write("");
  co_await session.read_some(chunk);
  data = session.resumption_data();
  co_await session.write("y");
}

struct Met {
  std::set<std::string> at_client{};
  std::set<std::string> at_server{};
  std::size_t told_before_server_hello = 0;  // by the server
  std::size_t told_before_data = 0;          // so, before what is protected by the last of them
  bool resumed = false;
  std::string data{};

  std::map<std::string, std::size_t> labels() const {
    std::map<std::string, std::size_t> all;
    for (const std::string& line : at_server) ++all[line.substr(0, line.find(' '))];
    return all;
  }
};

Met meet(Versions versions, const TicketKey* tickets = nullptr, const std::string& data = "") {
  Met met;
  net::MemoryWorld world;
  net::StreamPair wire = net::make_memory_pair(world);
  const auto see = [&](std::string_view sent) -> std::optional<std::string> {
    constexpr char kHandshake = 22;
    constexpr char kChangeCipherSpec = 20;
    constexpr char kData = 23;
    if (sent.front() == kHandshake) met.told_before_server_hello = met.at_server.size();
    if (sent.front() == kChangeCipherSpec || sent.front() == kData) {
      met.told_before_data = met.at_server.size();
    }
    return std::nullopt;
  };
  wire.server = net::tapped(std::move(wire.server), see);
  const auto client = Session::client(*wire.client, "", nullptr, Strength::medium, nullptr, false,
                                      tickets != nullptr);
  client->tell_secrets([&](const std::string& line) { met.at_client.insert(line); });
  client->resume(data);
  const auto server = Session::server(
      *wire.server, credentials_for_test(),
      {.versions = versions, .tickets = tickets, .key_log = [&](const std::string& line) {
         met.at_server.insert(line);
       }});
  world.spawn(serve(*server));
  world.spawn(use(*client, met.data));
  EXPECT_TRUE(world.run());
  met.resumed = server->is_resumed();
  return met;
}

using Labels = std::map<std::string, std::size_t>;
// Those without which a reader of TLS 1.3 is blind somewhere.
const Labels kOfTls13{{"CLIENT_HANDSHAKE_TRAFFIC_SECRET", 1},
                      {"SERVER_HANDSHAKE_TRAFFIC_SECRET", 1},
                      {"CLIENT_TRAFFIC_SECRET_0", 1},
                      {"SERVER_TRAFFIC_SECRET_0", 1},
                      {"EXPORTER_SECRET", 1}};

TEST(KeyLog, OfTls12BothEndsTellTheMasterSecret) {
  const Met met = meet(Versions::tls_1_2);
  EXPECT_EQ(met.labels(), (Labels{{"CLIENT_RANDOM", 1}}));
  EXPECT_EQ(met.at_client, met.at_server);
  EXPECT_EQ(met.told_before_data, 1U);
  ASSERT_EQ(met.at_server.size(), 1U);
  EXPECT_EQ(met.at_server.begin()->size(), 14 + 64 + 1 + 96 + 1U);  // 32 and 48 octets in hex
}

TEST(KeyLog, OfTls13BothEndsTellEachTrafficSecret) {
  const Met met = meet(Versions::all);
  EXPECT_EQ(met.labels(), kOfTls13);
  EXPECT_EQ(met.at_client, met.at_server);
  EXPECT_GE(met.told_before_server_hello, 2U);
  EXPECT_EQ(met.told_before_data, met.at_server.size());
}

// It has another client random, by which it is looked for.
TEST(KeyLog, AResumedSessionTellsItsSecretsToo) {
  const TicketKey key;
  for (const Versions versions : {Versions::tls_1_2, Versions::all}) {
    const Met first = meet(versions, &key);
    ASSERT_NE(first.data, "");
    const Met second = meet(versions, &key, first.data);
    EXPECT_TRUE(second.resumed);
    for (const auto& [label, count] : first.labels()) {
      EXPECT_EQ(second.labels()[label], count) << label;
    }
    EXPECT_GE(second.told_before_server_hello, 1U);
    EXPECT_EQ(second.at_client, second.at_server);
    for (const std::string& line : first.at_server) EXPECT_EQ(second.at_server.count(line), 0U);
  }
}

// What cannot be told ends the handshake where it was caused: an error of ours, not the peer's.
TEST(KeyLog, WhatALogThrowsComesOutOfTheHandshake) {
  net::MemoryWorld world;
  net::StreamPair wire = net::make_memory_pair(world);
  const auto client = Session::client(*wire.client, "", nullptr);
  const auto server =
      Session::server(*wire.server, credentials_for_test(),
                      {.key_log = [](const std::string&) { throw std::runtime_error("full"); }});
  std::string why;
  world.spawn([](Session& session) -> Task<void> { co_await session.handshake(); }(*client));
  world.spawn([](Session& session, std::string& into) -> Task<void> {
    try {
      co_await session.handshake();
    } catch (const std::runtime_error& e) {
      into = e.what();
    }
    session.close();
  }(*server, why));
  EXPECT_TRUE(world.run());
  EXPECT_EQ(why, "full");
}

}  // namespace
}  // namespace startle::tls
