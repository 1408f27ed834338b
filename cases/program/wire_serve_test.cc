// `serve --pcap` and `--keylog`: what real clients said to servers of one thread and of several.

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "cases/program/served_for_test.h"
#include "cases/program/talker_for_test.h"
#include "cases/program/wire_files_for_test.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;
using pcapng::Block;

class ServeShark : public Shark {};
class ServeWireFiles : public WireFiles {};

TEST_F(ServeShark, ShowsWhatARealClientSaidToAServerOnEitherLoopback) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  {
    Served server({"smtp", "--name", "localhost", "--pcap", path("a.pcapng")});
    for (const char* address : {"127.0.0.1", "[::1]"}) {
      const ProcessEnd sent = [&] {
        Process process(curl_command(server, {}, address));
        return process.wait();
      }();
      EXPECT_EQ(sent.status, 0) << sent.errors;
      EXPECT_TRUE(server.next_event().at("delivered").get<bool>());
    }
    server.interrupt(SIGTERM);
    EXPECT_EQ(server.wait().status, 0);
  }
  expect_sound();
  EXPECT_NE(tshark("ip && tls && smtp.req.command == \"MAIL\""), "");
  EXPECT_NE(tshark("ipv6 && tls && smtp.req.command == \"MAIL\""), "");
}

TEST_F(ServeShark, ShowsWhatClientsSaidThatWereServedByThreads) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  {
    Served server({"smtp", "--name", "localhost", "--threads", "3", "--pcap", path("a.pcapng")});
    std::vector<std::unique_ptr<Process>> clients;
    for (int i = 0; i < 3; ++i) clients.push_back(std::make_unique<Process>(curl_command(server)));
    for (const auto& client : clients) EXPECT_EQ(client->wait().status, 0);
    server.interrupt(SIGTERM);
    EXPECT_EQ(server.wait().status, 0);
  }
  expect_sound();
  std::istringstream streams(
      tshark("tls && smtp.req.command == \"MAIL\"", "-T fields -e tcp.stream"));
  const std::multiset<int> sent{std::istream_iterator<int>(streams), {}};
  EXPECT_EQ(sent, (std::multiset<int>{0, 1, 2}));
}

TEST_F(ServeWireFiles, WhoeverIsKilledLeavesWhatWasSeen) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  Served server({"smtp", "--name", "localhost", "--pcap", path("a.pcapng")});
  EXPECT_FALSE(fs::exists(path("a.pcapng")));
  EXPECT_EQ(curl(server).status, 0);
  server.next_event();
  server.interrupt(SIGKILL);
  EXPECT_EQ(server.wait().status, 137);
  EXPECT_GT(packets().size(), 10U);
}

// Of several threads, one that serves a client is the first to write the secrets, and the main one,
// which accepts, the first to write packets.
class ServeFullDisk : public testing::TestWithParam<std::tuple<const char*, const char*>> {};

INSTANTIATE_TEST_SUITE_P(Of, ServeFullDisk,
                         testing::Combine(testing::Values("--pcap", "--keylog"),
                                          testing::Values("1", "3")),
                         [](const auto& row) {
                           return std::string(std::get<0>(row.param) + 2) + "Of" +
                                  std::get<1>(row.param) + "Threads";
                         });

constexpr const char* kDiskIsFull =
    "startle: /dev/full: cannot be written: No space left on device\n";

TEST_P(ServeFullDisk, EndsAServer) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  const auto& [option, threads] = GetParam();
  Served server({"smtp", "--name", "localhost", "--threads", threads, option, "/dev/full"});
  curl(server);
  const ProcessEnd end = server.wait();
  EXPECT_EQ(end.status, 3);
  EXPECT_EQ(end.errors, kDiskIsFull);
}

TEST_P(ServeFullDisk, EndsAServerOfMany) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  const auto& [option, threads] = GetParam();
  Controlled control({"--threads", threads, option, "/dev/full"});
  control.start({{"protocol", "ldap"}});
  curl(control.start({{"protocol", "smtp"}, {"name", "localhost"}}));
  while (!control.next_event().empty()) {
  }
  const ProcessEnd end = control.wait();
  EXPECT_EQ(end.status, 3);
  EXPECT_EQ(end.errors, kDiskIsFull);
}

constexpr int kTurns = 100;

// A client that is on with two others, each served by a thread of its own.
TEST_F(ServeWireFiles, ConnectionsThatAreServedByThreadsAreWholeEach) {
  std::set<std::string> said;
  {
    Served server({"smtp", "--threads", "3", "--pcap", path("a.pcapng")});
    std::vector<std::unique_ptr<Talker>> clients;
    for (int i = 0; i < 3; ++i) {
      clients.push_back(std::make_unique<Talker>(server.port()));
      ASSERT_TRUE(clients.back()->hear(1));
    }
    std::vector<std::jthread> talks;
    for (std::size_t i = 0; i < clients.size(); ++i) {
      const std::string line = "NOOP " + std::to_string(i) + "\r\n";
      std::string all;
      for (int turn = 0; turn < kTurns; ++turn) all += line;
      said.insert(all + "QUIT\r\n");
      talks.emplace_back([&client = *clients[i], line] {
        int turns = 0;
        while (turns < kTurns && client.say(line) && client.hear(1)) ++turns;
        EXPECT_EQ(turns, kTurns);
        EXPECT_TRUE(client.say("QUIT\r\n") && client.hear(1));
      });
    }
    talks.clear();
    server.interrupt(SIGTERM);
    EXPECT_EQ(server.wait().status, 0);
  }
  constexpr unsigned kServer = 25;
  std::map<unsigned, pcapng::Receiver> connections;  // by the client's port
  std::set<unsigned> closed;
  for (const Block& block : packets()) {
    const pcapng::Read packet = pcapng::read_packet(block.content);
    const unsigned client = packet.from_port == kServer ? packet.to_port : packet.from_port;
    connections[client].take({block.content});
    if (packet.from_port == kServer && (packet.flags & pcapng::kFin) != 0) closed.insert(client);
  }
  EXPECT_EQ(connections.size(), 3U);
  EXPECT_EQ(closed.size(), 3U);
  std::set<std::string> seen;
  for (const auto& [client, receiver] : connections) {
    seen.insert(receiver.sides.at(client).said);
    const std::string& answers = receiver.sides.at(kServer).said;
    EXPECT_EQ(std::count(answers.begin(), answers.end(), '\n'), 1 + kTurns + 1) << answers;
  }
  EXPECT_EQ(seen, said);
}

TEST_F(ServeWireFiles, AServerOfManyWritesThemAllIntoOne) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  Controlled control({"--pcap", path("a.pcapng"), "--keylog", path("a.keys")});
  for (int i = 0; i < 2; ++i) {
    const Ready server = control.start({{"protocol", "smtp"}, {"name", "localhost"}});
    EXPECT_EQ(curl(server).status, 0);
    control.next_event();
  }
  control.end_input();
  EXPECT_EQ(control.wait().status, 0);
  std::set<std::string> begun;
  for (const Block& block : packets()) {
    if (!block.comment.empty()) begun.insert(block.comment);
  }
  EXPECT_EQ(begun.size(), 2U);  // each tells its own port
  EXPECT_GE(lines("a.keys").size(), 8U);
}

}  // namespace
}  // namespace startle::cases
