#pragma once
// The way from one thread's world to another's: all else of a world belongs to the thread that runs
// it.

#include <functional>

#include "harness/net/world.h"

namespace startle::net {

// From any thread, as long as `to` lives: it calls `what`, soon and in the order of those who hand
// over from one thread, while it runs. An exception that leaves `what` leaves run().
void hand_over(RealWorld& to, std::function<void()> what);

}  // namespace startle::net
