#pragma once
// What the servers of an exchange leave of their connections, where a run keeps it.

#include <memory>

#include "cases/engine/exchange.h"
#include "harness/net/world.h"
#include "harness/pcapng/recorded.h"
#include "harness/tls/key_log.h"

namespace startle::cases {

// None where there is no evidence.
tls::KeyLog key_log_of(const std::shared_ptr<pcapng::Evidence>& evidence);

// Of one exchange: its id stands with each of its connections.
class Recording {
 public:
  Recording() = default;  // nothing is kept
  Recording(std::shared_ptr<pcapng::Evidence> evidence, const Exchange& exchange);

  // The stream itself where nothing is kept.
  std::unique_ptr<net::Stream> of(const net::World& world,
                                  std::unique_ptr<net::Stream> stream) const;
  // A connection of a client that was referred elsewhere, where there is no TLS.
  std::unique_ptr<net::Stream> of_referral(const net::World& world,
                                           std::unique_ptr<net::Stream> stream) const;

 private:
  std::shared_ptr<pcapng::Evidence> evidence_{};
  pcapng::Connection connection_{};
  std::uint16_t referral_port_ = 0;
};

}  // namespace startle::cases
