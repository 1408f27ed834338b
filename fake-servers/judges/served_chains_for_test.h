#pragma once
// Chains, each behind a fake mail server of its own on loopback, for clients that others wrote.

#include <cstdint>
#include <list>
#include <memory>
#include <thread>
#include <vector>

#include "certs/mint.h"
#include "fake-servers/smtp/server.h"
#include "harness/net/tcp.h"

namespace startle::fake {

class ServedChains {
 public:
  // They listen when this returns, and until the object goes. Throws Error(Fault::system).
  explicit ServedChains(const std::vector<std::shared_ptr<const certs::Chain>>& chains);
  ~ServedChains();
  ServedChains(const ServedChains&) = delete;
  ServedChains& operator=(const ServedChains&) = delete;

  // Of the chain at this place.
  std::uint16_t port(std::size_t chain) const { return ports_.at(chain); }

 private:
  struct One {
    std::shared_ptr<const certs::Chain> chain{};
    Server server{};
    Observation seen{};
    std::unique_ptr<net::TcpListener> listener{};
  };
  net::Task<void> accept(One& one);

  net::RealWorld world_{};
  std::list<One> all_{};
  std::vector<std::uint16_t> ports_{};
  std::thread thread_{};
};

}  // namespace startle::fake
