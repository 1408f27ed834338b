#include "harness/net/line_output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstring>
#include <utility>

#include "harness/base/error.h"

namespace startle::net {
namespace {

constexpr std::size_t kRoomForAwaited = 16;  // times the bound

enum class Kind {
  never_waits,  // a file, a device: epoll refuses it
  socket,
  pipe,  // a terminal too
};

// A pipe or a terminal once more, as an open file of our own that may be non-blocking; -1: it is
// not to be had.
int own_file_of(int descriptor) {
  const std::string name = "/proc/self/fd/" + std::to_string(descriptor);
  return ::open(name.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

bool is_writable(int descriptor, std::chrono::milliseconds within) {
  pollfd asked{.fd = descriptor, .events = POLLOUT, .revents = 0};
  return ::poll(&asked, 1, static_cast<int>(within.count())) > 0;
}

}  // namespace

// Outlives the object as long as the event loop has something to say to it.
struct LineOutput::State : std::enable_shared_from_this<State> {
  State(RealWorld& in, int fd, Calls to_call, Limits bounds)
      : world(in),
        descriptor(fd),
        calls(std::move(to_call)),
        limits(bounds),
        watched(in.io()),
        room(in) {}
  ~State() {
    if (own_file >= 0) ::close(own_file);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void open();
  void watch();
  void heard(const asio::error_code& cancelled);
  void ask_for(std::uint32_t events);
  void add(std::string line);
  void tell_of_lost();
  void pump();
  ssize_t write_some(const std::string& bytes, std::size_t from) const;
  void fail(const std::string& why);
  bool is_full(std::size_t more, std::size_t times) const {
    return !waiting.empty() && octets + more > times * limits.most_waiting;
  }
  bool has_room() const { return octets <= limits.most_waiting / 2; }
  bool is_stuck() const { return world.now() - last_taken > limits.patience; }

  RealWorld& world;
  int descriptor;
  Calls calls;
  Limits limits;
  asio::posix::stream_descriptor watched;  // an epoll of our own, as in LineInput
  Signal room;
  Kind kind = Kind::never_waits;
  int own_file = -1;
  std::uint32_t asked_for = 0;
  std::deque<std::string> waiting{};
  std::size_t octets = 0;   // of `waiting`
  std::size_t written = 0;  // of the first of them
  std::size_t lost = 0;     // and not yet told
  Instant last_taken{0};
  std::string failure{};
};

void LineOutput::State::open() {
  last_taken = world.now();
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  check_errno(epoll, "epoll_create1");
  watched.assign(epoll);
  epoll_event event{};  // asks for nothing: is told of errors all the same
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) {
    if (errno != EPERM) fail(std::string("cannot be written: ") + std::strerror(errno));
    return;
  }
  struct stat file {};
  const bool is_socket = ::fstat(descriptor, &file) == 0 && S_ISSOCK(file.st_mode);
  kind = is_socket ? Kind::socket : Kind::pipe;
  if (kind == Kind::pipe) own_file = own_file_of(descriptor);
  watch();
}

void LineOutput::State::watch() {
  watched.async_wait(asio::posix::stream_descriptor::wait_read,
                     [weak = weak_from_this()](const asio::error_code& cancelled) {
                       if (const auto alive = weak.lock()) alive->heard(cancelled);
                     });
}

void LineOutput::State::heard(const asio::error_code& cancelled) {
  if (cancelled || !failure.empty()) return;
  epoll_event event{};
  const int count = ::epoll_wait(watched.native_handle(), &event, 1, 0);
  if (count > 0 && (event.events & (EPOLLERR | EPOLLHUP)) != 0) {
    fail("nobody reads it any more");
    return;
  }
  pump();
  if (failure.empty()) watch();
}

void LineOutput::State::ask_for(std::uint32_t events) {
  if (kind == Kind::never_waits || std::exchange(asked_for, events) == events) return;
  epoll_event event{};
  event.events = events;
  ::epoll_ctl(watched.native_handle(), EPOLL_CTL_MOD, descriptor, &event);
}

void LineOutput::State::add(std::string line) {
  line += '\n';
  octets += line.size();
  waiting.push_back(std::move(line));
}

void LineOutput::State::tell_of_lost() {
  if (lost > 0) add(calls.lost(std::exchange(lost, 0)));
}

// At most what the descriptor takes without making anybody wait.
ssize_t LineOutput::State::write_some(const std::string& bytes, std::size_t from) const {
  const char* at = bytes.data() + from;
  const std::size_t count = bytes.size() - from;
  if (kind == Kind::never_waits) return ::write(descriptor, at, count);
  if (kind == Kind::socket) return ::send(descriptor, at, count, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (own_file >= 0) return ::write(own_file, at, count);
  if (!is_writable(descriptor, std::chrono::milliseconds(0))) {
    errno = EAGAIN;
    return -1;
  }
  return ::write(descriptor, at, std::min<std::size_t>(count, PIPE_BUF));
}

void LineOutput::State::pump() {
  while (!waiting.empty() && failure.empty()) {
    const ssize_t count = write_some(waiting.front(), written);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) break;
      fail(errno == EPIPE ? "nobody reads it any more"
                          : std::string("cannot be written: ") + std::strerror(errno));
      return;
    }
    last_taken = world.now();
    written += static_cast<std::size_t>(count);
    if (written < waiting.front().size()) continue;
    octets -= waiting.front().size();
    written = 0;
    waiting.pop_front();
    if (has_room()) tell_of_lost();
  }
  constexpr std::uint32_t kWritable = EPOLLOUT;
  ask_for(waiting.empty() ? 0U : kWritable);
  if (has_room()) room.notify();
}

void LineOutput::State::fail(const std::string& why) {
  failure = why;
  waiting.clear();
  octets = 0;
  asio::post(world.io(), [weak = weak_from_this()] {
    const auto alive = weak.lock();
    if (!alive) return;
    alive->room.notify();
    if (alive->calls.failed) alive->calls.failed();
  });
}

LineOutput::LineOutput(RealWorld& world, int descriptor, Calls calls)
    : LineOutput(world, descriptor, std::move(calls), Limits()) {}

LineOutput::LineOutput(RealWorld& world, int descriptor, Calls calls, Limits limits)
    : state_(std::make_shared<State>(world, descriptor, std::move(calls), limits)) {
  state_->open();
}

LineOutput::~LineOutput() {
  asio::error_code ignored;
  state_->watched.close(ignored);
}

void LineOutput::write(std::string line, bool awaited) {
  State& state = *state_;
  if (!state.failure.empty()) return;
  if (state.is_full(line.size(), awaited ? kRoomForAwaited : 1)) {
    ++state.lost;
    return;
  }
  if (state.waiting.empty()) state.last_taken = state.world.now();
  state.tell_of_lost();
  state.add(std::move(line));
  state.pump();
}

Task<void> LineOutput::room() {
  const auto state = state_;
  while (state->failure.empty() && !state->has_room() && !state->is_stuck()) {
    co_await state->room.wait(state->last_taken + state->limits.patience);
  }
}

std::string LineOutput::finish() {
  State& state = *state_;
  const Instant last_moment = state.world.now() + 6 * state.limits.patience;
  state.last_taken = std::max(state.last_taken, state.world.now() - state.limits.patience / 2);
  const std::size_t already_lost = state.lost > 0 ? state.lost - 1 : 0;
  state.tell_of_lost();
  state.pump();
  while (!state.waiting.empty() && state.failure.empty()) {
    const Instant until = std::min(last_moment, state.last_taken + state.limits.patience);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - state.world.now());
    if (left.count() <= 0 || !is_writable(state.descriptor, left)) {
      state.failure = "nobody reads it: " + std::to_string(state.waiting.size() + already_lost) +
                      " lines that waited are lost";
      break;
    }
    state.pump();
  }
  return state.failure;
}

}  // namespace startle::net
