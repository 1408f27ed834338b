#pragma once
// The threads of `startle serve --threads N`. The main one accepts connections and tells their
// events; dialogues run on others, each with a world of its own. Of a single thread, the main one
// does it all.

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "harness/net/world.h"

namespace startle::program {

class ServeThreads {
 public:
  // Where a connection is served. Its members are the main thread's.
  struct Place {
    std::size_t number = 0;
    net::RealWorld* world = nullptr;
    std::size_t clients = 0;  // that were sent there and have not left
  };

  // `main` runs on this thread. Throws Error(Fault::system) where there is no room for so many.
  ServeThreads(net::RealWorld& main, unsigned count);
  ~ServeThreads();
  ServeThreads(const ServeThreads&) = delete;
  ServeThreads& operator=(const ServeThreads&) = delete;

  net::RealWorld& main() { return main_; }
  std::size_t size() const { return places_.size(); }
  // Where the next client is served.
  Place& least_busy();
  // Has a place do something, or the main thread, from a place: at once where that is this thread.
  void at(std::size_t place, std::function<void()> what);
  void at_main(std::function<void()> what);
  // Gives up whatever is still done at places other than the main thread, and waits until it is
  // gone. Nothing is done there any more.
  void end();

 private:
  class Thread;
  net::RealWorld& main_;
  const bool alone_;  // the main one
  std::vector<std::unique_ptr<Thread>> threads_{};
  std::vector<Place> places_{};
};

}  // namespace startle::program
