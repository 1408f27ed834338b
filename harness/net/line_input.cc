#include "harness/net/line_input.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "harness/base/error.h"

namespace startle::net {

// Asio would make the descriptor non-blocking, and with it everything that shares its open file: a
// terminal's stdout. So it gets an epoll of our own, which is readable when the descriptor is.
struct LineInput::Readiness {
  Readiness(RealWorld& world, int descriptor) : watched(world.io()) {
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    check_errno(epoll, "epoll_create1");
    watched.assign(epoll);
    epoll_event event{};
    event.events = EPOLLIN;
    // A file, /dev/null: epoll refuses what never lets anyone wait.
    waits = ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
    if (!waits && errno != EPERM) check_errno(-1, "cannot wait for lines");
  }
  asio::posix::stream_descriptor watched;
  bool waits = false;
};

LineInput::LineInput(RealWorld& world, int descriptor, std::size_t longest)
    : world_(world),
      descriptor_(descriptor),
      longest_(longest),
      readiness_(std::make_unique<Readiness>(world, descriptor)) {}

LineInput::~LineInput() = default;

Task<std::optional<Line>> LineInput::next() {
  std::optional<Line> line = take_line();
  while (!line && !ended_) {
    asio::error_code failed;
    if (readiness_->waits) {
      co_await readiness_->watched.async_wait(asio::posix::stream_descriptor::wait_read,
                                              asio::redirect_error(asio::use_awaitable, failed));
    } else {
      co_await asio::post(world_.io(), asio::use_awaitable);  // everything else has its turn
    }
    if (ended_) break;  // interrupted
    if (failed) break;
    read();
    line = take_line();
  }
  co_return line;
}

void LineInput::interrupt() {
  ended_ = true;
  bytes_.clear();
  begun_.text.clear();
  asio::error_code ignored;
  readiness_->watched.cancel(ignored);
}

void LineInput::read() {
  std::array<char, 4096> part{};
  const ssize_t count = ::read(descriptor_, part.data(), part.size());
  if (count > 0) {
    bytes_.append(part.data(), static_cast<std::size_t>(count));
  } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
    ended_ = true;
    if (count != 0) failure_ = std::string("cannot be read: ") + std::strerror(errno);
  }
}

std::optional<Line> LineInput::take_line() {
  constexpr std::size_t kLongestToPassOver = 16;  // times what is kept of a line
  const std::size_t end = bytes_.find('\n');
  const bool whole = end != std::string::npos;
  octets_ += std::min(end, bytes_.size());
  begun_.text.append(bytes_, 0, end);
  bytes_.erase(0, whole ? end + 1 : end);
  if (begun_.text.size() > longest_) {
    begun_.text.resize(longest_);
    begun_.too_long = true;
  }
  if (!whole && octets_ / kLongestToPassOver > longest_) {
    ended_ = true;
    failure_ = "line " + std::to_string(begun_.number + 1) + " has more than " +
               std::to_string(longest_ * kLongestToPassOver) + " octets, and no end";
  }
  if (!whole && (!ended_ || begun_.text.empty())) return std::nullopt;
  octets_ = 0;
  const std::size_t number = begun_.number + 1;
  Line line = std::exchange(begun_, {.number = number});
  line.number = number;
  return line;
}

}  // namespace startle::net
