#pragma once
// A stream that fails at its Nth operation. Loop N until a run gets through, and every error path
// of the code under test has been visited.

#include <cstddef>
#include <memory>

#include "harness/net/stream.h"

namespace startle::net {

enum class Failure {
  broken,  // reset; what was on the way is lost, and the peer sees it too
  closed,  // this end and its peer find the connection closed
  silent,  // nothing more comes or goes: every wait here times out, and the peer is told nothing
  cut,     // half of the octets get through, then it is closed
};

struct Operations {
  std::size_t count = 0;  // reads and writes together
  bool failed = false;    // the Nth was among them
};

// Counts from 0. A read that found nothing and is tried again is the same operation. From the Nth
// on every operation fails. `seen` outlives the stream.
std::unique_ptr<Stream> failing_at(std::unique_ptr<Stream> inner, std::size_t n, Failure how,
                                   Operations& seen);

}  // namespace startle::net
