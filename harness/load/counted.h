#pragma once
// A way to a server whose traffic is counted, and whose connections are given back by whoever has
// used them, so that somebody can see to how they end.

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/net/connect.h"

namespace startle::load {

// Of connections, above TCP.
struct Traffic {
  std::uint64_t octets_sent = 0;
  std::uint64_t octets_received = 0;
  // How often something was awaited that answers what had been sent.
  std::uint64_t round_trips = 0;

  void add(const Traffic& other) {
    octets_sent += other.octets_sent;
    octets_received += other.octets_received;
    round_trips += other.round_trips;
  }
};

// For one exchange at a time.
class CountedConnector final : public net::Connector {
 public:
  // All must outlive the connections.
  CountedConnector(net::Connector& inner, Traffic& traffic) : inner_(inner), traffic_(traffic) {}

  net::Task<net::ConnectResult> connect(std::string host, std::uint16_t port,
                                        net::Instant deadline) override;
  // Connections that nobody uses any more.
  std::vector<std::unique_ptr<net::Stream>> take_left() { return std::exchange(left_, {}); }

 private:
  class Counted;
  net::Connector& inner_;
  Traffic& traffic_;
  std::vector<std::unique_ptr<net::Stream>> left_{};
};

}  // namespace startle::load
