#pragma once
// Where coroutines run: one thread, one clock. Two worlds: memory with virtual time (when nothing
// can run, the clock jumps to the next deadline, so a stall of five minutes costs microseconds and
// every run is the same), and TCP over loopback with real time.

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

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

// A coroutine that waits; destroying it destroys the coroutine.
struct Waiter {
  virtual ~Waiter() = default;
  virtual void resume(bool notified) = 0;
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

  // Somebody who waits for bytes from a socket. Often the other end is in this world too: when
  // anything was sent here, a try costs less than a turn of the event loop. Only the few who began
  // to wait last are tried, and each of them in vain once: so it costs nothing how many others
  // wait.
  class Reader {
   public:
    Reader() = default;
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

   protected:
    virtual ~Reader() = default;

   private:
    friend class World;
    // False: nothing has arrived.
    virtual bool try_now() = 0;
    // Asks for the operating system's word, if that was not done yet.
    virtual void want_event() = 0;
    std::uint64_t knows_of_ = 0;  // how many writes came before its last try
  };
  // `reader` waits until it has got something or is forgotten.
  void wait_for_bytes(Reader& reader);
  void forget(Reader& reader);
  // Something was sent from here.
  void sent();

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
  friend class Signal;
  struct Ready {
    std::unique_ptr<Waiter> waiter{};
    bool notified = false;
  };
  // Resumed soon, not at once: whoever notifies goes on first, and stacks do not grow.
  void resume_soon(std::unique_ptr<Waiter> waiter, bool notified);
  // Resumes what is ready, within one handler of io(): as long as the coroutines of this world keep
  // each other busy, they need no turn of the event loop.
  void take_turns();
  // Sees to it that take_turns() runs soon.
  void want_turns();
  // Lets recent readers try until one has got something. False: none has, and the event loop has
  // its turn.
  bool try_recent();

  std::deque<Ready> ready_;
  bool turns_wanted_ = false;
  std::multimap<Instant, Deadline*> waiting_;
  std::vector<Reader*> recent_;  // a few readers, who waits longest comes first
  std::uint64_t writes_ = 0;
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
