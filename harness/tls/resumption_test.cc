// Sessions that are resumed: by whom, and what is verified then.

#include <gtest/gtest.h>

#include <array>

#include "harness/net/memory.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/session.h"

namespace startle::tls {
namespace {

using namespace std::chrono_literals;
using net::Task;

struct Met {
  bool established = false;
  bool resumed_at_client = false;
  bool resumed_at_server = false;
  bool verified = false;
  std::string data{};  // for the next
};

// The server speaks first, so that its tickets have come with that.
Task<void> serve(Session& session, Met& met) {
  const HandshakeResult result = co_await session.handshake();
  if (result.end != HandshakeEnd::established) co_return;
  met.resumed_at_server = session.is_resumed();
  co_await session.write("x");
  std::array<char, 8> chunk{};
  co_await session.read_some(chunk);
}

Task<void> use(Session& session, Met& met) {
  const HandshakeResult result = co_await session.handshake();
  met.established = result.end == HandshakeEnd::established;
  if (!met.established) co_return;
  std::array<char, 8> chunk{};
  co_await session.write("");
  co_await session.read_some(chunk);
  met.resumed_at_client = session.is_resumed();
  met.data = session.resumption_data();
  co_await session.close_notify();
}

struct How {
  const TicketKey* key = nullptr;
  Versions versions = Versions::all;
  std::string data{};
  bool takes_tickets = true;
};

Met meet(const How& how) {
  Met met;
  net::MemoryWorld world;
  net::StreamPair wire = net::make_memory_pair(world);
  const auto verify = [&met](const PeerChain&) -> std::optional<Alert> {
    met.verified = true;
    return std::nullopt;
  };
  const auto client = Session::client(*wire.client, "smtp.example.test", verify, Strength::medium,
                                      nullptr, false, how.takes_tickets);
  client->resume(how.data);
  const auto server = Session::server(*wire.server, credentials_for_test(),
                                      {.versions = how.versions, .tickets = how.key});
  client->set_deadline(60s);
  server->set_deadline(60s);
  world.spawn(serve(*server, met));
  world.spawn(use(*client, met));
  EXPECT_TRUE(world.run());
  EXPECT_TRUE(met.established);
  return met;
}

class ResumptionTest : public testing::TestWithParam<Versions> {};

TEST_P(ResumptionTest, ATicketIsTakenAndNothingIsVerifiedAgain) {
  const TicketKey key;
  const Met first = meet({.key = &key, .versions = GetParam()});
  EXPECT_TRUE(first.verified);
  EXPECT_FALSE(first.resumed_at_client);
  ASSERT_FALSE(first.data.empty());
  const Met second = meet({.key = &key, .versions = GetParam(), .data = first.data});
  EXPECT_TRUE(second.resumed_at_client);
  EXPECT_TRUE(second.resumed_at_server);
  EXPECT_FALSE(second.verified);
}

TEST_P(ResumptionTest, AServerOfAnotherKeyTakesNone) {
  const TicketKey key;
  const TicketKey other;
  const Met first = meet({.key = &key, .versions = GetParam()});
  const Met second = meet({.key = &other, .versions = GetParam(), .data = first.data});
  EXPECT_FALSE(second.resumed_at_client);
  EXPECT_FALSE(second.resumed_at_server);
  EXPECT_TRUE(second.verified);
}

TEST_P(ResumptionTest, ThereIsNoTicketWhereEitherWantsNone) {
  const TicketKey key;
  EXPECT_EQ(meet({.versions = GetParam()}).data, "");
  EXPECT_EQ(meet({.key = &key, .versions = GetParam(), .takes_tickets = false}).data, "");
}

INSTANTIATE_TEST_SUITE_P(All, ResumptionTest, testing::Values(Versions::all, Versions::tls_1_2),
                         [](const auto& row) {
                           return std::string(row.param == Versions::all ? "Tls13" : "Tls12");
                         });

}  // namespace
}  // namespace startle::tls
