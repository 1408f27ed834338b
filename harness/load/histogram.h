#pragma once
// How long many things took: a log-linear histogram of durations that keeps three significant
// digits, whatever their size, in memory that does not grow with their number. (Debian 12 has no
// HDR histogram for C++.)

#include <chrono>
#include <cstdint>
#include <vector>

namespace startle::load {

class Histogram {
 public:
  using Duration = std::chrono::nanoseconds;

  // What is below 0 counts as 0.
  void add(Duration took);
  void merge(const Histogram& other);

  std::uint64_t count() const { return count_; }
  // As they were, not rounded; 0 where there is none.
  Duration longest() const { return longest_; }
  // The least duration that a `share` (from 0 to 1) of all do not exceed: no less than that, and at
  // most 0.1 % more. 0 where there is none.
  Duration quantile(double share) const;

 private:
  std::vector<std::uint64_t> buckets_{};
  std::uint64_t count_ = 0;
  Duration longest_{};
};

}  // namespace startle::load
