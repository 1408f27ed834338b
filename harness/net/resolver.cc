#include "harness/net/resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <cerrno>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace startle::net {
namespace {

std::string reason_of(int failure) {
  switch (failure) {
    case EAI_NONAME:
      return "the name is not known: check its spelling, or ask a name server that knows it";
#ifdef EAI_NODATA
    case EAI_NODATA:
      return "the name has no address";
#endif
    case EAI_AGAIN:
      return "no name server answered: check the network and the name servers of this machine";
    case EAI_SYSTEM:
      return "the name was not resolved: " + std::generic_category().message(errno);
    default:
      return std::string("the name was not resolved: ") + ::gai_strerror(failure);
  }
}

// Where the thread leaves what it found; both sides hold it.
class Handover : public std::enable_shared_from_this<Handover> {
 public:
  Handover(asio::io_context& io, Signal& arrived) : io_(&io), arrived_(&arrived) {}

  // In the thread.
  void give(Resolved found) {
    const std::scoped_lock lock(mutex_);
    found_ = std::move(found);
    // Posted under the lock: as long as somebody waits, the world is there.
    if (io_ == nullptr) return;
    asio::post(*io_, [self = shared_from_this()] {
      if (self->arrived_ != nullptr) self->arrived_->notify();
    });
  }

  // In the world, like all below.
  Resolved take() {
    const std::scoped_lock lock(mutex_);
    return std::move(found_);
  }
  void nobody_waits() {
    const std::scoped_lock lock(mutex_);
    io_ = nullptr;
    arrived_ = nullptr;
  }

 private:
  std::mutex mutex_{};
  asio::io_context* io_;
  Signal* arrived_;  // the world's alone
  Resolved found_{};
};

// The waiting side. While it lives, the event loop has something to wait for. It is an entry of the
// world's deadlines to hear at once when that gives up: the coroutine goes only with the event
// loop, and by then no thread may post to that any more.
class Waiting final : private Deadline {
 public:
  explicit Waiting(RealWorld& world)
      : Deadline(world),
        arrived_(world),
        work_(asio::make_work_guard(world.io())),
        handover_(std::make_shared<Handover>(world.io(), arrived_)) {
    start(kNever);
  }
  ~Waiting() override { handover_->nobody_waits(); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  void begin(Resolver resolver, std::string host) {
    std::thread([handover = handover_, ask = std::move(resolver), name = std::move(host)] {
      Resolved found;
      try {
        found = ask(name);
      } catch (const std::exception& e) {
        found = {.why = std::string("the name was not resolved: ") + e.what()};
      }
      handover->give(std::move(found));
    }).detach();
  }
  Task<bool> arrived(Instant deadline) { return arrived_.wait(deadline); }
  Resolved take() { return handover_->take(); }

 private:
  void expired() override {}  // never
  void abandoned() override { handover_->nobody_waits(); }

  Signal arrived_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::shared_ptr<Handover> handover_;
};

}  // namespace

Resolved resolve_by_system(const std::string& host) {
  if (host.find('\0') != std::string::npos) return {.why = reason_of(EAI_NONAME)};
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  const int failed = ::getaddrinfo(host.c_str(), nullptr, &wanted, &first);
  if (failed != 0) return {.why = reason_of(failed)};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(first, ::freeaddrinfo);
  Resolved found;
  for (const addrinfo* one = first; one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0,
                      NI_NUMERICHOST) == 0) {
      found.addresses.emplace_back(text.data());
    }
  }
  if (found.addresses.empty()) found.why = "the name has no address";
  return found;
}

Task<std::optional<Resolved>> resolve(RealWorld& world, Resolver resolver, std::string host,
                                      Instant deadline) {
  Waiting waiting(world);
  try {
    waiting.begin(std::move(resolver), std::move(host));
  } catch (const std::system_error& e) {
    co_return Resolved{.why = std::string("no thread to resolve the name in: ") + e.what()};
  }
  const bool in_time = co_await waiting.arrived(deadline);
  if (!in_time) co_return std::nullopt;
  co_return waiting.take();
}

}  // namespace startle::net
