#pragma once
// Where coroutines run: one thread, one clock. Two worlds: memory with virtual time (when nothing
// can run, the clock jumps to the next deadline, so a stall of five minutes costs microseconds and
// every run is the same), and TCP over loopback with real time.

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "harness/net/stream.h"

namespace startle::net {

class World;

// Something that has to end by an instant: an entry of its world's list of deadlines while started.
class Deadline {
 public:
  explicit Deadline(World& world) : world_(world) {}
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void start(Instant when);
  void stop();
  bool started() const { return started_; }

 protected:
  virtual ~Deadline() { stop(); }
  // Called once, already stopped, when the instant has come.
  virtual void expired() = 0;
  // The world is giving up everything that waits.
  virtual void abandoned() {}
  World& world() { return world_; }

 private:
  friend class World;
  World& world_;
  bool started_ = false;
  std::multimap<Instant, Deadline*>::iterator place_{};
};

// A place where one coroutine waits for another, or for a deadline. Lives as long as its waiter.
class Signal final : private Deadline {
 public:
  using Deadline::Deadline;

  // True when notified, false when `deadline` passed first. One waiter at a time.
  Task<bool> wait(Instant deadline);
  // Wakes the waiter, if there is one.
  void notify();

 private:
  struct Waiter {
    virtual ~Waiter() = default;
    virtual void resume(bool notified) = 0;
  };
  template <class Handler>
  struct WaiterOf;
  void expired() override;
  void abandoned() override;

  std::unique_ptr<Waiter> waiter_{};
};

class World {
 public:
  virtual ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  asio::io_context& io() { return io_; }
  virtual Instant now() const = 0;

  // Starts `task`; an exception that leaves it is rethrown by run().
  void spawn(Task<void> task);
  // Runs until every spawned task has ended, `until` is reached, or stop(). False: a task is still
  // waiting.
  bool run(Instant until = kNever);
  // Makes run() return after what is running now.
  void stop() { stopped_ = true; }
  // Ends whatever still waits by destroying its coroutine.
  void abandon();

  Task<void> sleep_until(Instant when);

 protected:
  World() = default;
  // Runs everything that can run; then moves the clock on, at most to `until`. False: nothing is
  // left that could ever run.
  virtual bool step(Instant until) = 0;

  bool has_deadlines() const { return !waiting_.empty(); }
  Instant earliest_deadline() const { return waiting_.begin()->first; }
  // Wakes those whose deadline is not after `now`.
  void expire(Instant now);
  virtual void deadline_added(Instant) {}

 private:
  friend class Deadline;
  std::multimap<Instant, Deadline*> waiting_;
  std::size_t running_ = 0;
  bool stopped_ = false;
  std::exception_ptr failure_;
  asio::io_context io_{1};  // last: what it still holds at the end needs the members above
};

class MemoryWorld final : public World {
 public:
  MemoryWorld() = default;
  ~MemoryWorld() override { abandon(); }
  Instant now() const override { return now_; }

 private:
  bool step(Instant until) override;
  Instant now_{0};
};

class RealWorld final : public World {
 public:
  RealWorld();
  ~RealWorld() override;
  Instant now() const override;

 private:
  struct Alarm;
  bool step(Instant until) override;
  void deadline_added(Instant deadline) override;
  std::chrono::steady_clock::time_point began_;
  std::unique_ptr<Alarm> alarm_;
};

}  // namespace startle::net
