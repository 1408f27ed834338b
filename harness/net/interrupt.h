#pragma once
// Ctrl-C as an event of a world.

#include <functional>
#include <memory>

#include "harness/net/world.h"

namespace startle::net {

// While it lives, SIGINT and SIGTERM call `then` (once) instead of ending the process.
class OnInterrupt {
 public:
  OnInterrupt(RealWorld& world, std::function<void()> then);
  ~OnInterrupt();
  OnInterrupt(const OnInterrupt&) = delete;
  OnInterrupt& operator=(const OnInterrupt&) = delete;

 private:
  struct Signals;
  std::unique_ptr<Signals> signals_;
};

}  // namespace startle::net
