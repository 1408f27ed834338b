// `serve --threads`: who is served by several threads is served as by one.

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <thread>

#include "cases/program/served_for_test.h"
#include "cases/program/talker_for_test.h"

namespace startle::cases {
namespace {

// A server whose first line is its process id.
struct Threaded {
  explicit Threaded(const std::string& threads)
      : process({"sh", "-c", "echo $$ && exec \"$0\" serve smtp --threads \"$1\"", STARTLE_PROGRAM,
                 threads}),
        pid(process.read_line().value_or("")),
        ready(Json::parse(process.read_line().value_or("{}"))) {}
  std::string port() const { return std::to_string(ready.value("port", 0U)); }

  Process process;
  std::string pid;
  Json ready;
};

// How long each thread of a process has run so far, in nanoseconds.
std::map<std::string, std::uint64_t> ran(const std::string& pid) {
  std::map<std::string, std::uint64_t> all;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + pid + "/task")) {
    std::ifstream(task.path() / "schedstat") >> all[task.path().filename()];
  }
  return all;
}

TEST(ServeThreads, ShareTheClients) {
  const Threaded server("3");
  const auto before = ran(server.pid);
  ASSERT_EQ(before.size(), 4U) << "three, and the one that accepts";
  std::vector<std::unique_ptr<Talker>> clients;
  for (int i = 0; i < 9; ++i) {
    clients.push_back(std::make_unique<Talker>(server.port()));
    ASSERT_TRUE(clients.back()->hear(1));
  }
  for (const auto& client : clients) ASSERT_TRUE(client->say("NOOP\r\n") && client->hear(1));
  for (const auto& [thread, time] : ran(server.pid)) {
    EXPECT_GT(time, before.at(thread)) << "a thread has had nothing to do";
  }
}

TEST(ServeThreads, EventsAreWholeLines) {
  Served server({"smtp", "--threads", "3"});
  constexpr int kClients = 40;  // one after the other, of each of ..
  constexpr int kAtOnce = 4;
  std::string says;
  for (int i = 0; i < 20; ++i) says += "NOOP\r\n";
  says += "QUIT\r\n";
  std::atomic<int> served = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < kAtOnce; ++i) {
      clients.emplace_back([&] {
        for (int j = 0; j < kClients; ++j) {
          const Talker client(server.port());
          if (client.say(says) && client.hear(22)) ++served;
        }
      });
    }
  }
  EXPECT_EQ(served, kClients * kAtOnce);
  for (int i = 0; i < kClients * kAtOnce; ++i) {
    const Json event = server.next_event();
    ASSERT_EQ(event.value("event", ""), "connection") << event;
    EXPECT_EQ(event.at("clear_commands").size(), 21U) << event;
  }
  server.interrupt(SIGTERM);
  const ProcessEnd end = server.wait();
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.output, "");
}

// More silent clients, and such as take nothing of what they are told, than there are threads.
TEST(ServeThreads, AStuckClientCostsNone) {
  Served server({"smtp", "--threads", "2"});
  std::string endless;
  for (int i = 0; i < 10'000; ++i) endless += "HELP\r\n";
  std::vector<std::unique_ptr<Talker>> stuck;
  for (int i = 0; i < 12; ++i) stuck.push_back(std::make_unique<Talker>(server.port()));
  for (int i = 0; i < 6; ++i) {
    stuck.push_back(std::make_unique<Talker>(server.port()));
    ASSERT_TRUE(stuck.back()->say(endless));
  }
  for (int i = 0; i < 6; ++i) {
    const Talker client(server.port());
    EXPECT_TRUE(client.say("NOOP\r\nQUIT\r\n") && client.hear(3));
  }
}

TEST(ServeThreads, OnceEndsWithItsVerdict) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  Served server({"smtp", "--once", "--threads", "3"});
  { const Talker silent(server.port()); }
  EXPECT_EQ(curl(server).status, 0);
  const Json event = server.next_event();
  EXPECT_EQ(event.value("verdict", ""), "pass") << event;
  const ProcessEnd end = server.wait();
  EXPECT_EQ(end.status, 0) << end.errors;
  EXPECT_EQ(end.output, "");
}

TEST(ServeThreads, ControlStartsAndStopsServersOnThem) {
  Controlled serve({"--threads", "2"});
  const Ready one = serve.start({{"protocol", "smtp"}});
  const Ready other = serve.start({{"protocol", "ldap"}});
  std::vector<std::unique_ptr<Caller>> callers;
  for (int i = 0; i < 3; ++i) callers.push_back(std::make_unique<Caller>(one));
  EXPECT_EQ(serve.ask(R"({"stop": 2})").value("event", ""), "stopped") << "it has no clients";
  Json event = serve.ask(R"({"stop": 1})");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(event.value("event", ""), "connection") << event;
    EXPECT_EQ(event.value("id", 0), 1);
    event = serve.next_event();
  }
  EXPECT_EQ(event.value("event", ""), "stopped");
  serve.end_input();
  EXPECT_EQ(serve.wait().status, 0);
}

TEST(ServeThreads, OfMoreThanThereIsRoomForNoneIsStarted) {
  const ProcessEnd end =
      Process({"sh", "-c", "ulimit -n 60 && exec \"$0\" serve smtp --threads 64", STARTLE_PROGRAM})
          .wait();
  EXPECT_EQ(end.status, 3);
  EXPECT_EQ(end.output, "");
  EXPECT_EQ(end.errors,
            "startle: a thread cannot be started: too many open files: take fewer (--threads)\n");
}

// ---- the end -----------------------------------------------------------------------------------

// As the kernel has it: address:port in hexadecimal, .., 0A for who listens.
bool somebody_listens(const std::string& port) {
  char at[16] = {};
  std::snprintf(at, sizeof at, "0100007F:%04X", static_cast<unsigned>(std::stoi(port)));
  std::ifstream sockets("/proc/net/tcp");
  for (std::string line; std::getline(sockets, line);) {
    if (line.find(std::string(at) + " 00000000:0000 0A") != std::string::npos) return true;
  }
  return false;
}

bool is_refused(const std::string& port) {
  try {
    const Talker one(port);
    return false;
  } catch (const Error&) {
    return true;
  }
}

class ServeStop : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Of, ServeStop, testing::Values("1", "3"),
                         [](const auto& row) { return std::string(row.param) + "Threads"; });

// Of three threads another one goes on without end, and is not waited for.
TEST_P(ServeStop, LetsWhoGoesOnTalkingComeToItsEnd) {
  Served server({"smtp", "--threads", GetParam()});
  const Talker client(server.port());
  const Talker silent(server.port());
  const Talker endless(server.port());
  ASSERT_TRUE(client.hear(1) && silent.hear(1) && endless.hear(1));
  std::atomic<bool> enough = false;
  std::atomic<bool> left = false;
  const std::jthread talk([&] {
    while (!enough && endless.say("NOOP\r\n") && endless.hear(1)) {
    }
    left = true;
  });
  ASSERT_TRUE(client.say("NOOP\r\n") && client.hear(1));
  ASSERT_TRUE(somebody_listens(server.port()));
  server.interrupt(SIGTERM);
  while (somebody_listens(server.port()) && !left) {
  }
  EXPECT_TRUE(is_refused(server.port()));
  EXPECT_TRUE(client.say("NOOP\r\n") && client.hear(1));
  EXPECT_TRUE(client.say("QUIT\r\n") && client.hear(1)) << "it was cut off";
  enough = GetParam() == std::string("1");
  const ProcessEnd end = server.wait();
  EXPECT_EQ(end.status, 0) << end.errors;
  EXPECT_NE(end.output.find(R"("clear_commands":["NOOP","NOOP","QUIT"])"), std::string::npos)
      << end.output;
}

}  // namespace
}  // namespace startle::cases
