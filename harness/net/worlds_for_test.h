#pragma once
// Both worlds behind one face: what every transport must do alike is tested over each.

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/net/memory.h"
#include "harness/net/tcp.h"

namespace startle::net {

enum class Transport { memory, tcp };

// For what a test waits for and does not measure.
inline constexpr Instant kLongEnough = std::chrono::seconds(60);

// A world with a listener, and the way to it.
class Network {
 public:
  explicit Network(Transport transport) {
    if (transport == Transport::memory) {
      world_ = std::make_unique<MemoryWorld>();
      auto listener = std::make_unique<MemoryListener>(*world_);
      connector_ = listener.get();
      acceptor_ = std::move(listener);
      return;
    }
    auto real = std::make_unique<RealWorld>();
    auto listener = std::make_unique<TcpListener>(*real, Endpoint{.address = "127.0.0.1"});
    own_connector_ = std::make_unique<FixedConnector>(*real, listener->endpoint());
    connector_ = own_connector_.get();
    acceptor_ = std::move(listener);
    world_ = std::move(real);
  }

  World& world() { return *world_; }
  Acceptor& acceptor() { return *acceptor_; }
  Connector& connector() { return *connector_; }

  // False: somebody waits for ever.
  bool run() { return world_->run(world_->now() + kLongEnough); }

  StreamPair connected() {
    StreamPair both;
    world_->spawn([](Acceptor& from, std::unique_ptr<Stream>& into) -> Task<void> {
      into = co_await from.accept();
    }(*acceptor_, both.server));
    world_->spawn([](Connector& to, std::unique_ptr<Stream>& into) -> Task<void> {
      into = (co_await to.connect("mx.example.test", 25, kNever)).stream;
    }(*connector_, both.client));
    EXPECT_TRUE(run());
    return both;
  }

 private:
  std::unique_ptr<World> world_{};  // goes last
  std::unique_ptr<Acceptor> acceptor_{};
  std::unique_ptr<Connector> own_connector_{};
  Connector* connector_ = nullptr;
};

// What came of reading, or of one write.
struct Told {
  std::string bytes{};
  IoStatus end = IoStatus::ok;  // ok: it goes on
};

// Until something else than bytes comes.
inline Task<void> read_to_end(Stream& stream, Told& into) {
  std::array<char, 4096> chunk{};
  while (into.end == IoStatus::ok) {
    const IoResult got = co_await stream.read_some(chunk);
    into.end = got.status;
    into.bytes.append(chunk.data(), got.count);
  }
}

inline Task<void> write_once(Stream& stream, std::string bytes, IoStatus& into) {
  into = (co_await stream.write(bytes)).status;
}

class BothWorlds : public testing::TestWithParam<Transport> {
 protected:
  World& world() { return network_.world(); }
  bool run() { return network_.run(); }
  // So that whoever was begun by now waits: a turn of everything that can run.
  void settle() { world().run(world().now() + std::chrono::milliseconds(1)); }
  IoStatus write(Stream& stream, std::string bytes) {
    IoStatus sent = IoStatus::timed_out;
    world().spawn(write_once(stream, std::move(bytes), sent));
    EXPECT_TRUE(run());
    return sent;
  }
  Told read_all(Stream& stream) {
    Told told;
    world().spawn(read_to_end(stream, told));
    EXPECT_TRUE(run());
    return told;
  }

  Network network_{GetParam()};
};

#define IN_BOTH_WORLDS(suite)                                                               \
  INSTANTIATE_TEST_SUITE_P(Over, suite, testing::Values(Transport::memory, Transport::tcp), \
                           [](const testing::TestParamInfo<Transport>& row) {               \
                             return row.param == Transport::memory ? "Memory" : "Tcp";      \
                           })

}  // namespace startle::net
