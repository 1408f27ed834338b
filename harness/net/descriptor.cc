#include "harness/net/descriptor.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <utility>

#include "harness/base/error.h"

namespace startle::net {

// Outlives the object as long as the event loop has something to say to it.
struct Descriptor::State {
  State(RealWorld& world, int fd) : descriptor(world.io(), fd), readable(world), writable(world) {}
  asio::posix::stream_descriptor descriptor;
  Signal readable;
  Signal writable;
  bool interrupted = false;
};

namespace {

using Side = asio::posix::stream_descriptor::wait_type;

// False: the deadline passed first.
template <class State>
Task<bool> wait_for(std::shared_ptr<State> state, Side side, Instant deadline) {
  Signal& signal =
      side == asio::posix::stream_descriptor::wait_read ? state->readable : state->writable;
  const auto event = [weak = std::weak_ptr<State>(state), &signal](const asio::error_code& failed) {
    const auto alive = weak.lock();
    if (alive && failed != asio::error::operation_aborted) signal.notify();
  };
  state->descriptor.async_wait(side, event);
  const bool told = co_await signal.wait(deadline);
  co_return told && !state->interrupted;
}

}  // namespace

Descriptor::Descriptor(RealWorld& world, int fd) {
  check_errno(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK), "to read without blocking");
  state_ = std::make_shared<State>(world, fd);
}

Descriptor::~Descriptor() {
  if (!state_) return;
  asio::error_code ignored;
  state_->descriptor.close(ignored);
}

Task<IoResult> Descriptor::read_some(std::span<char> into, Instant deadline) {
  const auto state = state_;
  while (true) {
    const ssize_t got = ::read(state->descriptor.native_handle(), into.data(), into.size());
    if (got > 0) co_return IoResult{.count = static_cast<std::size_t>(got)};
    if (got == 0) co_return IoResult{.status = IoStatus::closed};
    if (errno == EINTR) continue;
    if (errno != EAGAIN) co_return IoResult{.status = IoStatus::broken};
    if (state->interrupted) break;
    const bool ready =
        co_await wait_for(state, asio::posix::stream_descriptor::wait_read, deadline);
    if (!ready && !state->interrupted) break;  // otherwise: what has arrived by now
  }
  co_return IoResult{.status = IoStatus::timed_out};
}

Task<IoResult> Descriptor::write(std::string_view bytes, Instant deadline) {
  const auto state = state_;
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const int fd = state->descriptor.native_handle();
    // A pipe takes no flags; SIGPIPE is ignored by the program.
    const ssize_t put = ::write(fd, bytes.data() + sent, bytes.size() - sent);
    if (put > 0) {
      sent += static_cast<std::size_t>(put);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) co_return IoResult{.status = IoStatus::broken};
    const bool ready =
        co_await wait_for(state, asio::posix::stream_descriptor::wait_write, deadline);
    if (!ready) co_return IoResult{.status = IoStatus::timed_out};
  }
  co_return IoResult{.count = sent};
}

void Descriptor::interrupt() {
  state_->interrupted = true;
  state_->readable.notify();
  state_->writable.notify();
}

int Descriptor::release() {
  const int fd = state_->descriptor.release();
  state_.reset();
  return fd;
}

}  // namespace startle::net
