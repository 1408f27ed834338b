#include "harness/net/world.h"

#include <algorithm>
#include <asio/async_result.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <utility>

namespace startle::net {

void Deadline::start(Instant when) {
  stop();
  place_ = world_.waiting_.emplace(when, this);
  started_ = true;
  world_.deadline_added(when);
}

void Deadline::stop() {
  if (std::exchange(started_, false)) world_.waiting_.erase(place_);
}

template <class Handler>
struct Signal::WaiterOf final : Waiter {
  explicit WaiterOf(Handler h) : handler(std::move(h)) {}
  void resume(bool notified) override {
    Handler last = std::move(handler);
    std::move(last)(notified);
  }
  Handler handler;
};

Task<bool> Signal::wait(Instant deadline) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(bool)>(
      [this, deadline](auto handler) {
        using Handler = std::decay_t<decltype(handler)>;
        waiter_ = std::make_unique<WaiterOf<Handler>>(std::move(handler));
        start(deadline);
      },
      asio::use_awaitable);
}

void Signal::notify() {
  if (!waiter_) return;
  stop();
  world().resume_soon(std::move(waiter_), true);
}

void Signal::expired() {
  world().resume_soon(std::move(waiter_), false);
}

void Signal::abandoned() {
  // The waiter holds the coroutine, and the coroutine may hold this signal: nothing of *this may be
  // touched once it is gone.
  const std::unique_ptr<Waiter> last = std::move(waiter_);
}

World::~World() = default;

void World::spawn(Task<void> task) {
  ++running_;
  asio::co_spawn(io_, std::move(task), [this](const std::exception_ptr& failure) {
    --running_;
    if (failure && !failure_) failure_ = failure;
  });
}

bool World::run(Instant until) {
  want_turns();  // of an earlier run that was stopped
  while (running_ > 0 && !failure_ && !std::exchange(stopped_, false)) {
    if (!step(until)) break;
    if (running_ > 0 && now() >= until) break;
  }
  stopped_ = false;  // what was stopped has ended
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  return running_ == 0;
}

void World::resume_soon(std::unique_ptr<Waiter> waiter, bool notified) {
  ready_.push_back({std::move(waiter), notified});
  want_turns();
}

void World::want_turns() {
  if (std::exchange(turns_wanted_, true)) return;
  asio::post(io_, [this] { take_turns(); });
}

void World::take_turns() {
  constexpr int kMostTurns = 256;  // then timers and the rest of the event loop have theirs
  for (int turns = 0; turns < kMostTurns && !stopped_ && !failure_; ++turns) {
    if (!ready_.empty()) {
      Ready next = std::move(ready_.front());
      ready_.pop_front();
      next.waiter->resume(next.notified);
    } else if (!try_recent()) {
      turns_wanted_ = false;
      return;
    }
  }
  turns_wanted_ = false;
  if (!stopped_ && !failure_) want_turns();
}

void World::abandon() {
  // What is destroyed may wake others: until nobody is left.
  while (!ready_.empty() || !waiting_.empty()) {
    if (!ready_.empty()) {
      const Ready last = std::move(ready_.front());
      ready_.pop_front();
      continue;
    }
    Deadline* next = waiting_.begin()->second;
    next->stop();
    next->abandoned();
  }
}

void World::expire(Instant now) {
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    Deadline* next = waiting_.begin()->second;
    next->stop();
    next->expired();
  }
}

Task<void> World::sleep_until(Instant when) {
  Signal signal(*this);
  co_await signal.wait(when);
}

void World::wait_for_bytes(Reader& reader) {
  constexpr std::size_t kFew = 4;
  reader.knows_of_ = writes_;
  if (recent_.size() == kFew) {
    recent_.front()->want_event();
    recent_.erase(recent_.begin());
  }
  recent_.push_back(&reader);
  want_turns();
}

void World::forget(Reader& reader) {
  std::erase(recent_, &reader);
}

void World::sent() {
  ++writes_;
  if (!recent_.empty()) want_turns();
}

// Of two ends, the one that waits longer is written to.
bool World::try_recent() {
  for (std::size_t i = 0; i < recent_.size();) {
    Reader& reader = *recent_[i];
    if (std::exchange(reader.knows_of_, writes_) == writes_) {
      ++i;
      continue;
    }
    const bool got = reader.try_now();
    if (!got) reader.want_event();
    recent_.erase(recent_.begin() + static_cast<std::ptrdiff_t>(i));
    if (got) return true;
  }
  for (Reader* reader : recent_) reader->want_event();
  return false;
}

bool MemoryWorld::step(Instant until) {
  io().restart();
  if (io().poll() > 0) return true;
  if (!has_deadlines() || earliest_deadline() == kNever) return false;
  now_ = std::max(now_, std::min(earliest_deadline(), until));
  expire(now_);
  return true;
}

// One timer for all deadlines of the world. It is armed again only when an earlier deadline comes:
// most waits end long before theirs, and cost nothing here.
struct RealWorld::Alarm {
  explicit Alarm(asio::io_context& io) : timer(io) {}
  asio::steady_timer timer;
  Instant armed_for = kNever;
};

RealWorld::RealWorld()
    : began_(std::chrono::steady_clock::now()), alarm_(std::make_unique<Alarm>(io())) {}

RealWorld::~RealWorld() {
  abandon();
}

Instant RealWorld::now() const {
  return std::chrono::steady_clock::now() - began_;
}

void RealWorld::deadline_added(Instant deadline) {
  if (deadline >= alarm_->armed_for) return;
  alarm_->armed_for = deadline;
  alarm_->timer.expires_at(began_ + deadline);
  alarm_->timer.async_wait([this](const asio::error_code& cancelled) {
    if (cancelled) return;
    alarm_->armed_for = kNever;
    expire(now());
    if (has_deadlines() && earliest_deadline() != kNever) deadline_added(earliest_deadline());
  });
}

bool RealWorld::step(Instant until) {
  io().restart();
  if (until == kNever) return io().run_one() > 0;
  return io().run_one_until(began_ + until) > 0 || now() >= until;
}

}  // namespace startle::net
