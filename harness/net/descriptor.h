#pragma once
// A pipe or a local socket, to a process of this machine, in a world of real time.

#include <memory>
#include <span>
#include <string_view>

#include "harness/net/stream.h"
#include "harness/net/world.h"

namespace startle::net {

// Reads and writes without blocking. Owns the descriptor.
class Descriptor {
 public:
  // `fd` is open, and is closed with the object.
  Descriptor(RealWorld& world, int fd);
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  // At least one byte; `closed` at the end, `timed_out` when `deadline` passed first.
  Task<IoResult> read_some(std::span<char> into, Instant deadline);
  // All of `bytes`.
  Task<IoResult> write(std::string_view bytes, Instant deadline);
  // Wakes whoever waits, now and later, as at a deadline; what has arrived may still be read.
  void interrupt();
  // Gives the descriptor back, open; nobody may be waiting.
  int release();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace startle::net
