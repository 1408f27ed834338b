#pragma once
// The way to real hosts, in the spirit of Happy Eyeballs (RFC 8305): the name is resolved, its
// addresses are tried one after the other, the next one when one has failed or has kept silent for
// a while, and the first that connects wins.

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "harness/net/connect.h"
#include "harness/net/resolver.h"

namespace startle::net {

// The Connection Attempt Delay that RFC 8305, 5 recommends.
inline constexpr Instant kAttemptDelay = std::chrono::milliseconds(250);

// In the order of trying: the families alternate, beginning with that of the first (RFC 8305, 4),
// and each address stands there once.
std::vector<std::string> interleaved(const std::vector<std::string>& addresses);

class HostConnector final : public Connector {
 public:
  explicit HostConnector(RealWorld& world, Resolver resolver = resolve_by_system,
                         Instant attempt_delay = kAttemptDelay)
      : world_(world), resolver_(std::move(resolver)), attempt_delay_(attempt_delay) {}

  // `host` is a name or an address, `::1` or `[::1]`; an address asks no resolver. The deadline is
  // that of resolving and connecting together.
  Task<ConnectResult> connect(std::string host, std::uint16_t port, Instant deadline) override;

 private:
  RealWorld& world_;
  Resolver resolver_;
  Instant attempt_delay_;
};

}  // namespace startle::net
