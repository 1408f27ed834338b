#pragma once
// A network without sockets: a listener and the streams that connect to it, both ends in one World.

#include <deque>
#include <memory>

#include "harness/net/connect.h"
#include "harness/net/world.h"

namespace startle::net {

struct StreamPair {
  std::unique_ptr<Stream> client;
  std::unique_ptr<Stream> server;
};

StreamPair make_memory_pair(World& world);

// Both sides of a listener: what connects here is accepted there, in order.
class MemoryListener final : public Connector, public Acceptor {
 public:
  explicit MemoryListener(World& world) : world_(world), arrived_(world) {}
  Task<ConnectResult> connect(std::string host, std::uint16_t port, Instant deadline) override;
  Task<std::unique_ptr<Stream>> accept() override;
  void interrupt() override;

 private:
  World& world_;
  Signal arrived_;
  std::deque<std::unique_ptr<Stream>> pending_;
  bool interrupted_ = false;
};

}  // namespace startle::net
