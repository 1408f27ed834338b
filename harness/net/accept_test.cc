// Listeners: what ends an accept(), and what does not.

#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <deque>
#include <map>

#include "harness/net/worlds_for_test.h"

namespace startle::net {
namespace {

// What accept(2) fails with next, by the port of the listener.
std::map<std::uint16_t, std::deque<int>>& failures() {
  static std::map<std::uint16_t, std::deque<int>> all;
  return all;
}

std::uint16_t port_of(int fd) {
  sockaddr_in at{};
  socklen_t size = sizeof at;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) != 0) return 0;
  return ntohs(at.sin_port);
}

}  // namespace
}  // namespace startle::net

// Takes the place of the system's in this program alone. A connection that is said to be aborted is
// gone from the queue, as it would be.
extern "C" int accept(int fd, sockaddr* address, socklen_t* size) {
  using Accept = int (*)(int, sockaddr*, socklen_t*);
  static const auto real = reinterpret_cast<Accept>(dlsym(RTLD_NEXT, "accept"));
  auto& failures = startle::net::failures();
  const auto next = failures.empty() ? failures.end() : failures.find(startle::net::port_of(fd));
  if (next == failures.end() || next->second.empty()) return real(fd, address, size);
  const int failure = next->second.front();
  next->second.pop_front();
  if (failure == ECONNABORTED || failure == EPROTO) ::close(real(fd, nullptr, nullptr));
  errno = failure;
  return -1;
}

namespace startle::net {
namespace {

using namespace std::chrono_literals;

// ---- interrupted -------------------------------------------------------------------------------

class Listeners : public BothWorlds {
 protected:
  // How many connections came until accept() brought none.
  Task<void> accept_all(int& count) {
    while (const auto next = co_await network_.acceptor().accept()) ++count;
    ended_ = true;
  }
  std::unique_ptr<Stream> connect() {
    std::unique_ptr<Stream> made;
    world().spawn([](Connector& to, std::unique_ptr<Stream>& into) -> Task<void> {
      into = (co_await to.connect("mx.example.test", 25, kNever)).stream;
    }(network_.connector(), made));
    while (!made) settle();
    return made;
  }
  bool ended_ = false;
};
IN_BOTH_WORLDS(Listeners);

TEST_P(Listeners, AnInterruptEndsTheAcceptThatIsUnderWayAndNoOther) {
  int count = 0;
  world().spawn(accept_all(count));
  settle();
  EXPECT_FALSE(ended_);
  network_.acceptor().interrupt();
  EXPECT_TRUE(run());
  EXPECT_TRUE(ended_);
  EXPECT_EQ(count, 0);
  const StreamPair both = network_.connected();
  EXPECT_NE(both.server, nullptr) << "the listener stays";
}

TEST_P(Listeners, AnInterruptBeforehandEndsTheNextAccept) {
  network_.acceptor().interrupt();
  int count = 0;
  world().spawn(accept_all(count));
  EXPECT_TRUE(run());
  EXPECT_TRUE(ended_);
}

TEST_P(Listeners, WhatHasArrivedIsAcceptedBeforeTheFinish) {
  std::vector<std::unique_ptr<Stream>> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(connect());
  network_.acceptor().finish();
  int count = 0;
  world().spawn(accept_all(count));
  EXPECT_TRUE(run());
  EXPECT_EQ(count, 5);
}

TEST_P(Listeners, AClientThatIsGoneBeforeItIsAcceptedTakesNobodyWithIt) {
  auto first = connect();
  auto second = connect();
  first->reset();
  first.reset();
  network_.acceptor().finish();
  int count = 0;
  world().spawn(accept_all(count));
  EXPECT_TRUE(run());
  EXPECT_GE(count, 1);
}

// ---- failing -----------------------------------------------------------------------------------

Task<void> accept_one(Acceptor& from, std::unique_ptr<Stream>& into) {
  into = co_await from.accept();
}

struct FailureRow {
  int failure;
  bool is_told;
};
constexpr FailureRow kFailures[] = {
    {EMFILE, true},      {ENFILE, true},    {ENOBUFS, true},       {ENOMEM, true},
    {EPROTO, true},      {EPERM, true},     {ENETDOWN, true},      {ENOPROTOOPT, true},
    {EHOSTDOWN, true},   {ENONET, true},    {EHOSTUNREACH, true},  {EOPNOTSUPP, true},
    {ENETUNREACH, true}, {ETIMEDOUT, true}, {ECONNABORTED, false}, {EINTR, false},
    {EAGAIN, false},
};

TEST(TcpListeners, WhateverAcceptFailsWithIsToldOnceAndTriedAgain) {
  struct Tried {
    FailureRow row{};
    std::unique_ptr<TcpListener> listener{};
    std::vector<std::unique_ptr<Stream>> clients{};
    std::unique_ptr<Stream> accepted{};
    std::vector<std::string> told{};
  };
  RealWorld world;
  std::vector<std::unique_ptr<Tried>> all;
  for (const FailureRow& row : kFailures) {  // all at once: each takes its pauses
    Tried& one = *all.emplace_back(std::make_unique<Tried>());
    one.row = row;
    one.listener = std::make_unique<TcpListener>(world, Endpoint{.address = "127.0.0.1"});
    one.listener->on_trouble([&one](const std::string& why) { one.told.push_back(why); });
    failures()[one.listener->endpoint().port] = {row.failure, row.failure};
    world.spawn(accept_one(*one.listener, one.accepted));
    for (int i = 0; i < 3; ++i) {
      world.spawn([](RealWorld& in, Endpoint at, Tried& into) -> Task<void> {
        FixedConnector connector(in, at);
        into.clients.push_back((co_await connector.connect("mx.example.test", 25, kNever)).stream);
      }(world, one.listener->endpoint(), one));
    }
  }
  EXPECT_TRUE(world.run(world.now() + kLongEnough));
  for (const auto& one : all) {
    const char* name = std::strerror(one->row.failure);  // NOLINT: one thread
    EXPECT_NE(one->accepted, nullptr) << name;
    ASSERT_EQ(one->told.size(), one->row.is_told ? 1U : 0U) << name;
    failures().erase(one->listener->endpoint().port);
  }
  EXPECT_EQ(all[0]->told[0], "cannot accept a connection at " +
                                 host_and_port("127.0.0.1", all[0]->listener->endpoint().port) +
                                 ": too many open files; clients wait until another connection "
                                 "ends (`ulimit -n` is the limit)");
}

// The world has others to see to.
TEST(TcpListeners, AConnectionThatWasAbortedHoldsNobodyUp) {
  for (const int failure : {ECONNABORTED, EPROTO}) {
    RealWorld world;
    TcpListener listener(world, {.address = "127.0.0.1"});
    FixedConnector connector(world, listener.endpoint());
    failures()[listener.endpoint().port] = {failure};
    std::unique_ptr<Stream> accepted;
    bool slept = false;
    world.spawn(accept_one(listener, accepted));
    world.spawn([](World& in, Connector& to, Acceptor& end, bool& done) -> Task<void> {
      const ConnectResult aborted = co_await to.connect("mx.example.test", 25, kNever);
      co_await in.sleep_until(in.now() + 2ms);
      done = true;
      end.interrupt();
    }(world, connector, listener, slept));
    EXPECT_TRUE(world.run(world.now() + kLongEnough));
    EXPECT_TRUE(slept);
    EXPECT_EQ(accepted, nullptr);
    failures().erase(listener.endpoint().port);
  }
}

TEST(TcpListeners, AnInterruptEndsThePauseBehindAFailure) {
  RealWorld world;
  TcpListener listener(world, {.address = "127.0.0.1"});
  FixedConnector connector(world, listener.endpoint());
  failures()[listener.endpoint().port].assign(100'000, EMFILE);
  bool told = false;
  listener.on_trouble([&](const std::string&) {
    told = true;
    world.stop();
  });
  std::unique_ptr<Stream> accepted;
  std::unique_ptr<Stream> client;
  world.spawn(accept_one(listener, accepted));
  world.spawn([](Connector& to, std::unique_ptr<Stream>& into) -> Task<void> {
    into = (co_await to.connect("mx.example.test", 25, kNever)).stream;
  }(connector, client));
  EXPECT_FALSE(world.run(world.now() + kLongEnough));
  EXPECT_TRUE(told);
  listener.interrupt();
  EXPECT_TRUE(world.run(world.now() + kLongEnough));
  EXPECT_EQ(accepted, nullptr);
  failures().erase(listener.endpoint().port);
}

// ---- out of descriptors ------------------------------------------------------------------------

// While it lives, this process can open nothing more.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int highest = fcntl(STDERR_FILENO, F_DUPFD, 0);
    taken_.push_back(highest);
    rlimit now = before_;
    now.rlim_cur = static_cast<rlim_t>(highest) + 64;  // others may stand above the lowest free one
    setrlimit(RLIMIT_NOFILE, &now);
    for (int fd = dup(STDERR_FILENO); fd >= 0; fd = dup(STDERR_FILENO)) taken_.push_back(fd);
  }
  ~NoDescriptors() {
    for (const int fd : taken_) ::close(fd);
    setrlimit(RLIMIT_NOFILE, &before_);
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit before_{};
  std::vector<int> taken_{};
};

TEST(TcpListeners, OutOfDescriptorsItSaysSoOnceAndRecovers) {
  RealWorld world;
  TcpListener listener(world, {.address = "127.0.0.1"});
  FixedConnector connector(world, listener.endpoint());
  std::vector<std::string> told;
  listener.on_trouble([&](const std::string& why) { told.push_back(why); });
  std::vector<std::unique_ptr<Stream>> clients(3);
  std::vector<std::unique_ptr<Stream>> accepted;
  for (auto& client : clients) {
    world.spawn([](Connector& to, std::unique_ptr<Stream>& into) -> Task<void> {
      into = (co_await to.connect("mx.example.test", 25, kNever)).stream;
    }(connector, client));
  }
  EXPECT_TRUE(world.run(world.now() + kLongEnough));
  const auto accept_three = [](Acceptor& from, auto& into) -> Task<void> {
    while (into.size() < 3) into.push_back(co_await from.accept());
  };
  {
    const NoDescriptors none;
    world.spawn(accept_three(listener, accepted));
    while (told.empty()) EXPECT_FALSE(world.run(world.now() + 10ms));
    EXPECT_FALSE(world.run(world.now() + 120ms)) << "two tries more";
    ConnectResult refused;
    world.spawn([](Connector& to, ConnectResult& into) -> Task<void> {
      into = co_await to.connect("mx.example.test", 25, kNever);
      EXPECT_EQ(into.failed, ConnectStep::connect);
    }(connector, refused));
    while (!refused.failed) EXPECT_FALSE(world.run(world.now() + 1ms));
    EXPECT_TRUE(refused.why.ends_with(": too many open files")) << refused.why;
  }
  EXPECT_TRUE(world.run(world.now() + kLongEnough));
  EXPECT_EQ(accepted.size(), 3U);
  for (const auto& one : accepted) EXPECT_NE(one, nullptr);
  EXPECT_EQ(told.size(), 1U);
}

}  // namespace
}  // namespace startle::net
