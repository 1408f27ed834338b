#pragma once
// A piece of work beside a yardstick: the two alternate within one loop, so that whatever else the
// machine does falls on both, and what is kept is what one costs as a multiple of the other. Times
// are CPU time of the process.

#include <benchmark/benchmark.h>

#include <exception>
#include <functional>

#include "harness/load/cpu_time.h"

namespace startle::bench {

// How many pieces a call is made of; the counters are of one, the benchmark's own time is a call's.
struct Pieces {
  double work = 1;
  double yardstick = 1;
};

// A thread that works for one of the two alone, and now and then a little longer than its call.
struct Aside {
  std::function<Microseconds()> cpu_time = [] { return 0; };  // so far
  bool is_of_work = false;                                    // otherwise the yardstick's
};

// Runs both until the benchmark has enough. Each says whether it came to what it should; one that
// did not, or that throws, skips the benchmark with an error, and leaves no number. Counters:
//   work_us       one piece of work
//   yardstick_us  one piece of the yardstick
//   cost          the one / the other
// False: skipped.
template <class Yardstick, class Work>
bool set_beside(benchmark::State& state, Yardstick yardstick, Work work, const Pieces& pieces = {},
                const Aside& aside = {}) {
  Microseconds yardstick_us = 0;
  Microseconds work_us = 0;
  // Without the thread aside, which is added when all is over; returns the time with it.
  const auto add_cost = [&](auto& call, Microseconds& sum) {
    bool right = false;
    const Microseconds began_aside = aside.cpu_time();
    const Microseconds took = cost_of([&] { right = call(); });
    sum += took - (aside.cpu_time() - began_aside);
    if (!right) state.SkipWithError("it did not come to what it should");
    return took;
  };
  try {
    const Microseconds began_aside = aside.cpu_time();
    for (auto _ : state) {
      add_cost(yardstick, yardstick_us);
      const Microseconds took = add_cost(work, work_us);
      state.SetIterationTime(took / 1e6);
      if (state.error_occurred()) return false;
    }
    (aside.is_of_work ? work_us : yardstick_us) += aside.cpu_time() - began_aside;
  } catch (const std::exception& e) {
    state.SkipWithError(e.what());
    return false;
  }
  const auto runs = static_cast<double>(state.iterations());
  yardstick_us /= runs * pieces.yardstick;
  work_us /= runs * pieces.work;
  state.counters["work_us"] = work_us;
  state.counters["yardstick_us"] = yardstick_us;
  state.counters["cost"] = work_us / yardstick_us;
  return true;
}

}  // namespace startle::bench
