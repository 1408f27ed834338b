#pragma once
// Lines of a descriptor, stdin above all, as they come: whoever waits for the next one holds up
// nothing else of the world.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "harness/net/world.h"

namespace startle::net {

struct Line {
  std::size_t number = 0;  // from 1
  std::string text{};      // without its end
  bool too_long = false;   // `text` is only its beginning
};

// A pipe, a terminal, a file, a device. The descriptor stays the caller's and in the mode it is in:
// what a terminal is told, whoever writes to it is told too. A line that is longer than sixteen
// times what is kept of it is taken for one without end, and nothing behind it is read.
class LineInput {
 public:
  LineInput(RealWorld& world, int descriptor, std::size_t longest = 1 << 20);
  ~LineInput();
  LineInput(const LineInput&) = delete;
  LineInput& operator=(const LineInput&) = delete;

  // The next line, the last one also without its end; nullopt: there are no more, or interrupted.
  // One waiter at a time.
  Task<std::optional<Line>> next();
  // Ends the wait, and all later ones.
  void interrupt();
  // Behind the last line: why no more was read, as the end of a sentence that begins with the
  // descriptor's name; "": it was read to its end, or interrupted.
  const std::string& failure() const { return failure_; }

 private:
  struct Readiness;
  std::optional<Line> take_line();
  void read();

  RealWorld& world_;
  int descriptor_;
  std::size_t longest_;
  std::unique_ptr<Readiness> readiness_;
  std::string bytes_{};     // read and not yet taken
  Line begun_{};            // what has been seen of the line that is coming
  std::size_t octets_ = 0;  // of that line
  bool ended_ = false;
  std::string failure_{};
};

}  // namespace startle::net
