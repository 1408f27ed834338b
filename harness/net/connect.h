#pragma once
// How a client reaches a server and how a server is reached.

#include <cstdint>
#include <memory>
#include <string>

#include "harness/net/stream.h"

namespace startle::net {

struct ConnectResult {
  std::unique_ptr<Stream> stream{};  // null: not connected
  std::string why{};                 // one sentence when not connected
};

class Connector {
 public:
  virtual ~Connector() = default;
  virtual Task<ConnectResult> connect(std::string host, std::uint16_t port, Instant deadline) = 0;
};

class Acceptor {
 public:
  virtual ~Acceptor() = default;
  // The next connection; null when interrupted.
  virtual Task<std::unique_ptr<Stream>> accept() = 0;
  // Ends the accept() that is under way, or the next one; the listener stays.
  virtual void interrupt() = 0;
};

}  // namespace startle::net
