#pragma once
// Ctrl-C, and a terminal that goes away, as events of a world.

#include <functional>
#include <memory>

#include "harness/net/world.h"

namespace startle::net {

// While it lives, SIGINT, SIGTERM and SIGHUP call `then` (once) instead of ending the process. A
// SIGHUP that is ignored (nohup) stays so.
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
