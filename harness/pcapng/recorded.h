#pragma once
// A stream whose octets are written down as packets, as the end that it is has seen them, and a
// connector of such streams. What is read is written down when it has been dealt with, so that the
// secrets of a TLS session stand before the packets that brought them about.

#include <memory>
#include <string>
#include <vector>

#include "harness/net/connect.h"
#include "harness/net/world.h"
#include "harness/pcapng/evidence.h"

namespace startle::pcapng {

struct Connection {
  Side own = Side::server;  // the end that the stream is
  // The protocol's usual port. It stands in place of another that the server may have, by which
  // Wireshark would not know the protocol; a comment tells the real one.
  std::uint16_t usual_port = 25;
  std::string about{};                 // a comment: the case
  std::vector<std::string> blotted{};  // as of Blotter
};

// The stream itself where nothing is wanted of it; `evidence` may be null. A TCP connection has its
// own addresses and real time; another has addresses for documentation (RFC 5737) and the world's
// time, which outlives it.
std::unique_ptr<net::Stream> recorded(std::shared_ptr<Evidence> evidence, const net::World& world,
                                      std::unique_ptr<net::Stream> inner,
                                      const Connection& connection);

// Whatever `inner` connects to. It and the world outlive this.
class RecordedConnector final : public net::Connector {
 public:
  // `connection.own` is the client.
  RecordedConnector(std::shared_ptr<Evidence> evidence, const net::World& world,
                    net::Connector& inner, const Connection& connection);
  net::Task<net::ConnectResult> connect(std::string host, std::uint16_t port,
                                        net::Instant deadline) override;

 private:
  std::shared_ptr<Evidence> evidence_;
  const net::World& world_;
  net::Connector& inner_;
  Connection connection_;
};

}  // namespace startle::pcapng
