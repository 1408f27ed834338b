// `serve` and clients that are too much for it: what it says of a flood is short, and without file
// descriptors it says so, and goes on when it has some again.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <memory>

#include "cases/program/served_for_test.h"
#include "harness/base/error.h"

namespace startle::cases {
namespace {

// A client that says what it likes. No wait is longer than kPatience.
class Talker {
 public:
  explicit Talker(const std::string& port)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{.tv_sec = kPatience.count(), .tv_usec = 0};
    for (const int wait : {SO_RCVTIMEO, SO_SNDTIMEO}) {
      ::setsockopt(socket_, SOL_SOCKET, wait, &patience, sizeof patience);
    }
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check_errno(::connect(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at), "connect");
  }
  ~Talker() { ::close(socket_); }
  Talker(const Talker&) = delete;
  Talker& operator=(const Talker&) = delete;

  bool say(const std::string& bytes) const {
    for (std::size_t sent = 0; sent < bytes.size();) {
      const ssize_t put = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (put <= 0) return false;
      sent += static_cast<std::size_t>(put);
    }
    return true;
  }
  // False: so many lines did not come.
  bool hear(std::ptrdiff_t lines) const {
    std::array<char, 4096> chunk{};
    while (lines > 0) {
      const ssize_t got = ::recv(socket_, chunk.data(), chunk.size(), 0);
      if (got <= 0) return false;
      lines -= std::count(chunk.begin(), chunk.begin() + got, '\n');
    }
    return true;
  }

 private:
  int socket_;
};

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
  Process server({"sh", "-c", "ulimit -n 48 && exec \"$0\" serve smtp 2>&1", STARTLE_PROGRAM});
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

}  // namespace
}  // namespace startle::cases
