#pragma once
// Finds the cases that a merged report would have twice, however many it has: what they are known
// by stands in a file, which is gone through several times, each time for a share of it.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "harness/report/spool.h"

namespace startle::program {

class Repeats {
 public:
  // `most_held`: about so many cases are kept in memory at once.
  explicit Repeats(std::size_t most_held = 1 << 17) : most_held_(most_held) {}

  // The next case, by a digest of what makes it one.
  void add(std::uint64_t known_by);
  // Calls `each` with the number (from 0) of every case that came before, and of the first of them;
  // in no order. Returns how many cases were held at once.
  std::size_t find(const std::function<void(std::size_t again, std::size_t first)>& each);

 private:
  void write_out();

  std::size_t most_held_;
  std::size_t count_ = 0;
  std::string waiting_{};  // for the file
  report::Spool spool_{};
};

}  // namespace startle::program
