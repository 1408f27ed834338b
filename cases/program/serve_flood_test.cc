// `serve` and clients that are too much for it: what it says of a flood is short, and without file
// descriptors it says so, and goes on when it has some again.

#include <gtest/gtest.h>

#include <csignal>
#include <memory>

#include "cases/program/served_for_test.h"
#include "cases/program/talker_for_test.h"

namespace startle::cases {
namespace {

std::string noops(std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += "NOOP\r\n";
  return all;
}

constexpr std::size_t kShort = 100'000;  // of an event

TEST(ServeFlood, TheEventOfManyCommandsSaysHowManyThereWere) {
  Served server({"smtp"});
  constexpr int kRounds = 20;
  constexpr std::size_t kEach = 1000;
  {
    const Talker client(server.port());
    ASSERT_TRUE(client.hear(1));
    for (int i = 0; i < kRounds; ++i) {
      ASSERT_TRUE(client.say(noops(kEach)));
      ASSERT_TRUE(client.hear(kEach));
    }
  }
  const Json event = server.next_event();
  EXPECT_LE(event.dump().size(), kShort);
  const std::size_t listed = event.at("clear_commands").size();
  EXPECT_EQ(listed + event.at("more_clear_commands").get<std::size_t>(), kRounds * kEach);
  EXPECT_FALSE(event.contains("octets_dropped"));
}

TEST(ServeFlood, AServerThatLeavesHearsNobodyWithoutEnd) {
  for (const char* kind : {"smtp", "ldap"}) {
    Served server({kind});
    constexpr std::size_t kEver = 256 << 20;
    std::size_t sent = 0;
    {
      const Talker client(server.port());
      ASSERT_TRUE(client.say(kind == std::string("smtp") ? "QUIT\r\n" : "nonsense"));
      const std::string much = noops(100'000);
      while (sent < kEver && client.say(much)) sent += much.size();
    }
    EXPECT_LT(sent, kEver) << kind;
    const Json event = server.next_event();
    EXPECT_LE(event.dump().size(), kShort) << kind;
    EXPECT_GT(event.at("octets_dropped").get<std::size_t>(), 0U) << kind;
  }
}

// Its stderr is read as it comes: by then all that it may open is open.
TEST(ServeFlood, OutOfDescriptorsItSaysSoOnceAndServesWhenItHasSomeAgain) {
  for (const char* threads : {"1", "3"}) {
    Process server({"sh", "-c", "ulimit -n 48 && exec \"$0\" serve smtp --threads \"$1\" 2>&1",
                    STARTLE_PROGRAM, threads});
    const auto ready = server.read_line();
    ASSERT_TRUE(ready) << server.wait().errors;
    const std::string port = std::to_string(Json::parse(*ready).at("port").get<unsigned>());
    std::vector<std::unique_ptr<Talker>> clients;
    for (int i = 0; i < 60; ++i) clients.push_back(std::make_unique<Talker>(port));
    const std::string told = "startle: cannot accept a connection at 127.0.0.1:" + port +
                             ": too many open files; clients wait until another connection ends "
                             "(`ulimit -n` is the limit)";
    EXPECT_EQ(server.read_line().value_or("nothing"), told);
    const std::unique_ptr<Talker> last = std::move(clients.back());
    clients.clear();
    EXPECT_TRUE(last->hear(1)) << "it is not accepted any more";
    server.send_signal(SIGTERM);
    const std::string rest = server.wait().output;
    EXPECT_EQ(rest.find("cannot accept"), std::string::npos) << "once is enough:\n" << rest;
  }
}

}  // namespace
}  // namespace startle::cases
