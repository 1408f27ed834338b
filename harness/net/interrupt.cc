#include "harness/net/interrupt.h"

#include <asio/signal_set.hpp>
#include <csignal>
#include <utility>

namespace startle::net {

struct OnInterrupt::Signals {
  explicit Signals(asio::io_context& io) : set(io, SIGINT, SIGTERM) {
    struct sigaction hang_up {};
    const bool known = ::sigaction(SIGHUP, nullptr, &hang_up) == 0;
    if (known && hang_up.sa_handler != SIG_IGN) set.add(SIGHUP);
  }
  asio::signal_set set;
};

OnInterrupt::OnInterrupt(RealWorld& world, std::function<void()> then)
    : signals_(std::make_unique<Signals>(world.io())) {
  signals_->set.async_wait([call = std::move(then)](const asio::error_code& cancelled, int) {
    if (!cancelled) call();
  });
}

OnInterrupt::~OnInterrupt() = default;

}  // namespace startle::net
