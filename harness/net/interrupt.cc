#include "harness/net/interrupt.h"

#include <asio/redirect_error.hpp>
#include <asio/signal_set.hpp>
#include <asio/use_awaitable.hpp>
#include <csignal>

namespace startle::net {

Task<void> interrupt_signal(RealWorld& world) {
  asio::signal_set signals(world.io(), SIGINT, SIGTERM);
  asio::error_code cancelled;
  co_await signals.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

}  // namespace startle::net
