#pragma once
// Lines to a descriptor, stdout above all: whoever writes one waits for nobody, and a reader that
// is slow, stuck or gone holds up nothing of the world.

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "harness/net/world.h"

namespace startle::net {

// A pipe, a terminal, a socket, a file, a device. The descriptor stays the caller's and in the mode
// it is in (line_input.h says why). Lines that nobody takes wait, up to a bound in octets; what
// comes beyond it is lost, and is counted where the reader finds it: by a line of its own, as soon
// as there is room.
class LineOutput {
 public:
  struct Limits {
    std::size_t most_waiting = 1 << 20;  // octets
    // A reader that has taken nothing for so long does not read.
    std::chrono::milliseconds patience{5000};
  };
  struct Calls {
    // The line that stands where `count` lines are lost.
    std::function<std::string(std::size_t count)> lost{};
    // No line can be written any more: called once, by the event loop.
    std::function<void()> failed{};
  };
  LineOutput(RealWorld& world, int descriptor, Calls calls);
  LineOutput(RealWorld& world, int descriptor, Calls calls, Limits limits);
  ~LineOutput();
  LineOutput(const LineOutput&) = delete;
  LineOutput& operator=(const LineOutput&) = delete;

  // `line` without its end. `awaited`: somebody waits for it; there is far more room for those,
  // which are few where whoever causes them waits for room().
  void write(std::string line, bool awaited = false);
  // Waits until there is room for more lines; or the reader is stuck or gone, and waiting is in
  // vain. One waiter at a time.
  Task<void> room();
  // Behind the last line, once nothing else is to run: writes what waits, as long as it is read.
  // Returns what went wrong, as the end of a sentence that begins with the descriptor's name; ""
  // where nothing did.
  std::string finish();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace startle::net
