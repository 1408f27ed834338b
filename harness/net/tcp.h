#pragma once
// TCP on this machine: listeners, and the way to a server of a known address. To real hosts:
// harness/net/host_connector.h.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/net/connect.h"
#include "harness/net/world.h"

namespace startle::net {

// "127.0.0.1:2525", "[::1]:0", ":2525" (both loopback addresses). Throws Error(Fault::usage).
std::vector<Endpoint> parse_listen_address(const std::string& text);
bool is_loopback(const std::string& address);

// Of the system's errors the one that another port helps against.
class PortInUse final : public Error {
 public:
  explicit PortInUse(const Endpoint& at);
};

// Whatever accept(2) fails with, it is tried again: the lack of descriptors or of memory passes,
// and what is wrong with one connection is not with the next.
class TcpListener final : public Acceptor {
 public:
  enum class Sharing {
    alone,
    shared,  // others of this user may listen there too: each connection comes to one of them
  };
  // Port 0 takes a free one. Throws PortInUse, or another Error(Fault::system).
  TcpListener(RealWorld& world, const Endpoint& at, Sharing sharing = Sharing::alone);
  ~TcpListener() override;
  Endpoint endpoint() const;
  Task<std::unique_ptr<Stream>> accept() override;
  // The same, with a stream of the world that `whose` names last, which another thread may run:
  // that alone touches it from then on.
  Task<std::unique_ptr<Stream>> accept_for(const std::function<RealWorld&()>& whose);
  void interrupt() override;
  void finish() override;
  // Nobody listens any more: who comes now is refused, and so is who has come and was not accepted.
  // Not while somebody waits in accept().
  void close();
  // From now on what a peer sends is acknowledged when it arrives. One that writes a little at a
  // time and leaves the system to gather it (RFC 9293, 3.7.4) otherwise has most of it not sent yet
  // when it ends, and where it breaks the connection off, nobody ever sees that.
  void acknowledge_at_once() { acknowledges_at_once_ = true; }
  // Each reason is told once a minute at most.
  void on_trouble(std::function<void(const std::string& sentence)> tell) override;

 private:
  struct Socket;
  RealWorld& world_;
  std::unique_ptr<Socket> socket_;
  // After a try that brought no connection: it is time for the next when this ends.
  Task<void> recover(int failure);
  void tell(int failure);

  Signal retry_;
  std::function<void(const std::string&)> tell_{};
  std::map<int, Instant> told_{};  // when each reason was told
  bool acknowledges_at_once_ = false;
  bool interrupted_ = false;
  bool finishing_ = false;  // interrupted, but for what has arrived
};

// Reaches every host and port at one loopback address: what names a test server has are nobody's
// business.
class FixedConnector final : public Connector {
 public:
  FixedConnector(RealWorld& world, Endpoint to) : world_(world), to_(std::move(to)) {}
  Task<ConnectResult> connect(std::string host, std::uint16_t port, Instant deadline) override;

 private:
  RealWorld& world_;
  Endpoint to_;
};

// Of a connection of this machine's.
struct Ends {
  Endpoint own{};
  Endpoint peer{};
};
// Nullopt: `stream` is no TCP connection itself, or it has ended.
std::optional<Ends> ends_of(const Stream& stream);

}  // namespace startle::net
