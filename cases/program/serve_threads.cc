#include "cases/program/serve_threads.h"

#include <algorithm>
#include <cctype>
#include <exception>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "harness/base/error.h"
#include "harness/net/hand_over.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

// As the middle of a sentence.
std::string in_words(const std::error_code& failure) {
  std::string words = failure.message();
  words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
  return words;
}

net::Task<void> fail(std::exception_ptr failure) {
  std::rethrow_exception(failure);
  co_return;
}

}  // namespace

class ServeThreads::Thread {
 public:
  explicit Thread(net::RealWorld& main)
      : main_(main), thread_([this, clock = tls::run_clock()] { run(clock); }) {}
  ~Thread() { end(); }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  net::RealWorld& world() { return world_; }
  // Soon; the destructor waits for it.
  void end() {
    net::hand_over(world_, [this] { world_.stop(); });
  }
  // Its world stays, without a task.
  void wait() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  // A world without a task has nothing to wait for.
  net::Task<void> stay() { co_await stays_.wait(net::kNever); }

  void run(std::chrono::sys_seconds clock) {
    tls::set_run_clock(clock);
    try {
      world_.spawn(stay());
      world_.run();
      world_.abandon();
    } catch (...) {
      net::hand_over(main_, [&main = main_, failure = std::current_exception()] {
        main.spawn(fail(failure));
      });
    }
  }

  net::RealWorld& main_;
  net::RealWorld world_{};
  net::Signal stays_{world_};
  std::jthread thread_;  // last: its end is waited for first
};

ServeThreads::ServeThreads(net::RealWorld& main, unsigned count) : main_(main), alone_(count == 1) {
  if (alone_) {
    places_.push_back({.world = &main});
    return;
  }
  for (unsigned i = 0; i < count; ++i) {
    try {
      threads_.push_back(std::make_unique<Thread>(main));
    } catch (const std::system_error& e) {
      throw Error(Fault::system,
                  "a thread cannot be started: " + in_words(e.code()) + ": take fewer (--threads)");
    }
    places_.push_back({.number = i, .world = &threads_.back()->world()});
  }
}

ServeThreads::~ServeThreads() {
  end();
}

void ServeThreads::end() {
  for (const auto& thread : threads_) thread->end();
  for (const auto& thread : threads_) thread->wait();
}

ServeThreads::Place& ServeThreads::least_busy() {
  return *std::ranges::min_element(places_, {}, &Place::clients);
}

void ServeThreads::at(std::size_t place, std::function<void()> what) {
  if (alone_) {
    what();
  } else {
    net::hand_over(*places_[place].world, std::move(what));
  }
}

void ServeThreads::at_main(std::function<void()> what) {
  if (alone_) {
    what();
  } else {
    net::hand_over(main_, std::move(what));
  }
}

}  // namespace startle::program
