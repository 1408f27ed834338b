#pragma once
// Ctrl-C as something a coroutine can wait for.

#include "harness/net/world.h"

namespace startle::net {

// Resumes on the first SIGINT or SIGTERM.
Task<void> interrupt_signal(RealWorld& world);

}  // namespace startle::net
