#pragma once
// What a piece of work costs, whatever else the machine does meanwhile.

#include <ctime>

namespace startle {

using Microseconds = double;

// Of all threads of this process, or of what has the clock.
inline Microseconds cpu_time(clockid_t clock = CLOCK_PROCESS_CPUTIME_ID) {
  std::timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

template <class Work>
Microseconds cost_of(Work work) {
  const Microseconds began = cpu_time();
  work();
  return cpu_time() - began;
}

}  // namespace startle
