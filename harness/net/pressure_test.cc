// The event loop and TCP under load: very many connections, peers that send without end or do not
// read, and what is under way when its world goes.

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <asio/ip/tcp.hpp>
#include <atomic>
#include <thread>

#include "harness/net/host_connector.h"
#include "harness/net/worlds_for_test.h"

namespace startle::net {
namespace {

using namespace std::chrono_literals;

// ---- very many ---------------------------------------------------------------------------------

class Crowds : public BothWorlds {};
IN_BOTH_WORLDS(Crowds);

constexpr std::size_t kCrowd = 2000;

// Two for each connection, and some more; the limit goes up as far as it may.
bool has_descriptors(std::size_t count) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= count) return true;
  limit.rlim_cur = std::min<rlim_t>(count, limit.rlim_max);
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= count;
}

// Each connection is echoed until its client goes.
struct Echoes {
  World& world;
  std::size_t closed = 0;
  std::size_t broken = 0;
};

Task<void> echo(Echoes& all, std::unique_ptr<Stream> stream) {
  std::array<char, 64> chunk{};
  while (true) {
    const IoResult got = co_await stream->read_some(chunk);
    if (got.status == IoStatus::ok) {
      co_await stream->write({chunk.data(), got.count});
      continue;
    }
    ++(got.status == IoStatus::closed ? all.closed : all.broken);
    co_return;
  }
}

Task<void> echo_all(Echoes& all, Acceptor& from) {
  for (std::size_t i = 0; i < kCrowd; ++i) all.world.spawn(echo(all, co_await from.accept()));
}

// Says nothing until everybody has connected, then its number; every third one breaks off.
Task<void> call(Network& network, std::size_t& here, std::size_t number, std::string& heard) {
  Connector& to = network.connector();
  World& world = network.world();
  const ConnectResult got = co_await to.connect("mx.example.test", 25, kNever);
  if (!got.stream) {
    heard = got.why;
    co_return;
  }
  ++here;
  while (here < kCrowd) co_await world.sleep_until(world.now() + 5ms);
  co_await got.stream->write("at " + std::to_string(number));
  std::array<char, 64> chunk{};
  const IoResult first = co_await got.stream->read_some(chunk);
  heard.assign(chunk.data(), first.count);
  Told rest;
  if (number % 3 == 0) {
    got.stream->reset();
  } else {
    got.stream->close();
  }
  co_await read_to_end(*got.stream, rest);
}

TEST_P(Crowds, EachOfThousandsIsHeardAndIsSeenToGo) {
  if (GetParam() == Transport::tcp && !has_descriptors(2 * kCrowd + 100)) {
    GTEST_SKIP() << "the limit of open files (ulimit -Hn) is below " << 2 * kCrowd + 100;
  }
  Echoes echoes{.world = world()};
  std::size_t here = 0;
  std::vector<std::string> heard(kCrowd);
  world().spawn(echo_all(echoes, network_.acceptor()));
  for (std::size_t i = 0; i < kCrowd; ++i) {
    world().spawn(call(network_, here, i, heard[i]));
  }
  EXPECT_TRUE(run());
  for (std::size_t i = 0; i < kCrowd; ++i) ASSERT_EQ(heard[i], "at " + std::to_string(i));
  EXPECT_EQ(echoes.broken, (kCrowd + 2) / 3);
  EXPECT_EQ(echoes.closed, kCrowd - echoes.broken);
}

TEST_P(Crowds, ThousandsThatWaitGoWithTheirWorld) {
  if (GetParam() == Transport::tcp && !has_descriptors(2 * kCrowd + 100)) {
    GTEST_SKIP() << "the limit of open files (ulimit -Hn) is below " << 2 * kCrowd + 100;
  }
  auto alive = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = alive;
  {
    Network network(GetParam());
    Echoes echoes{.world = network.world()};
    std::size_t connected = 0;
    network.world().spawn(echo_all(echoes, network.acceptor()));
    for (std::size_t i = 0; i < kCrowd; ++i) {
      network.world().spawn(
          [](Connector& to, std::size_t& count, std::shared_ptr<int>) -> Task<void> {
            const ConnectResult got = co_await to.connect("mx.example.test", 25, kNever);
            ++count;
            got.stream->set_deadline(1h);
            Told told;
            co_await read_to_end(*got.stream, told);
          }(network.connector(), connected, alive));
    }
    alive.reset();
    while (connected < kCrowd) EXPECT_FALSE(network.world().run(network.world().now() + 1ms));
  }
  EXPECT_TRUE(watch.expired());
}

// ---- TCP ---------------------------------------------------------------------------------------

class TcpPressure : public testing::Test {
 protected:
  bool run() { return network_.run(); }
  World& world() { return network_.world(); }
  Network network_{Transport::tcp};
};

// Sends until it cannot, from a thread of its own: there are bytes whenever anybody looks.
class Flood {
 public:
  explicit Flood(Network& network) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto& listener = dynamic_cast<TcpListener&>(network.acceptor());
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(listener.endpoint().port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    network.world().spawn([](Acceptor& from, std::unique_ptr<Stream>& into) -> Task<void> {
      into = co_await from.accept();
    }(listener, stream));
    EXPECT_TRUE(network.run());
    thread_ = std::thread([fd, this] {
      const std::string much(1 << 16, 'x');
      constexpr std::size_t kMost = 8ULL << 30;  // the test has failed by then
      for (std::size_t sent = 0; sent < kMost && !over_;) {
        const ssize_t put = ::send(fd, much.data(), much.size(), MSG_NOSIGNAL);
        if (put <= 0) break;
        sent += static_cast<std::size_t>(put);
      }
      ::close(fd);
    });
  }
  ~Flood() {
    over_ = true;
    stream.reset();
    thread_.join();
  }
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

  std::unique_ptr<Stream> stream{};

 private:
  std::atomic<bool> over_ = false;
  std::thread thread_{};
};

TEST_F(TcpPressure, AReaderOfAPeerThatSendsWithoutEndSeesItsDeadline) {
  Flood flood(network_);
  IoStatus end = IoStatus::ok;
  world().spawn([](World& in, Stream& stream, IoStatus& into) -> Task<void> {
    stream.set_deadline(in.now() + 20ms);
    std::array<char, 4096> chunk{};
    while (into == IoStatus::ok) into = (co_await stream.read_some(chunk)).status;
  }(world(), *flood.stream, end));
  EXPECT_TRUE(run());
  EXPECT_EQ(end, IoStatus::timed_out);
}

TEST_F(TcpPressure, OthersHaveTheirTurnBesideAPeerThatSendsWithoutEnd) {
  StreamPair other = network_.connected();
  Flood flood(network_);
  IoStatus end = IoStatus::ok;
  bool slept = false;
  world().spawn([](Stream& stream, const bool& over, IoStatus& into) -> Task<void> {
    std::array<char, 4096> chunk{};
    while (into == IoStatus::ok && !over) into = (co_await stream.read_some(chunk)).status;
  }(*flood.stream, slept, end));
  world().spawn([](World& in, Stream& client, Stream& server, bool& done) -> Task<void> {
    for (int i = 0; i < 10; ++i) {
      co_await client.write("NOOP\r\n");
      std::array<char, 64> chunk{};
      const IoResult got = co_await server.read_some(chunk);
      EXPECT_EQ(got.count, 6U);
      co_await in.sleep_until(in.now() + 1ms);
    }
    done = true;
  }(world(), *other.client, *other.server, slept));
  EXPECT_TRUE(run());
  EXPECT_TRUE(slept);
  EXPECT_EQ(end, IoStatus::ok);
}

// More than the system keeps for a reader that does not read.
const std::string kTooMuch(32 << 20, 'x');

Task<void> write_too_much(Stream& stream, IoStatus& into) {
  into = (co_await stream.write(kTooMuch)).status;
}

TEST_F(TcpPressure, AWriteToWhoDoesNotReadEndsAtItsDeadline) {
  StreamPair both = network_.connected();
  IoStatus sent = IoStatus::ok;
  both.server->set_deadline(world().now() + 20ms);
  world().spawn(write_too_much(*both.server, sent));
  EXPECT_TRUE(run());
  EXPECT_EQ(sent, IoStatus::timed_out);
}

TEST_F(TcpPressure, AWriteThatWaitsEndsWithEitherSidesReset) {
  for (const bool own : {true, false}) {
    StreamPair both = network_.connected();
    IoStatus sent = IoStatus::ok;
    world().spawn(write_too_much(*both.server, sent));
    EXPECT_FALSE(world().run(world().now() + 2ms)) << "nobody reads";
    (own ? both.server : both.client)->reset();
    EXPECT_TRUE(run());
    EXPECT_EQ(sent, IoStatus::broken) << own;
  }
}

TEST_F(TcpPressure, AWriteThatWaitsEndsWhenItsReaderGoes) {
  StreamPair both = network_.connected();
  IoStatus sent = IoStatus::ok;
  world().spawn(write_too_much(*both.server, sent));
  EXPECT_FALSE(world().run(world().now() + 2ms)) << "nobody reads";
  both.client.reset();
  EXPECT_TRUE(run());
  EXPECT_EQ(sent, IoStatus::broken);
}

// A queue for one connection, which is there: the system answers no other.
TEST_F(TcpPressure, AConnectThatIsUnderWayGoesWithItsWorld) {
  using asio::ip::tcp;
  auto alive = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = alive;
  asio::io_context io;
  tcp::acceptor silent(io, {asio::ip::make_address("127.0.0.1"), 0});
  silent.listen(0);
  tcp::socket fills_queue(io);
  fills_queue.connect(silent.local_endpoint());
  {
    RealWorld world;
    HostConnector connector(world);
    world.spawn([](Connector& to, std::uint16_t port, std::shared_ptr<int>) -> Task<void> {
      co_await to.connect("127.0.0.1", port, 1h);
    }(connector, silent.local_endpoint().port(), std::move(alive)));
    EXPECT_FALSE(world.run(5ms));
  }
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace startle::net
