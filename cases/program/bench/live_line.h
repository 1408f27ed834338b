#pragma once
// A row while it is under way: on a terminal a line that is written again and again, elsewhere
// nothing.

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "cases/program/bench/latency.h"
#include "cases/program/bench/measure.h"

namespace startle::program {

class LiveLine {
 public:
  ~LiveLine() { clear(); }
  void show(const RowPlan& plan, const BenchMoment& now) {
    if (!terminal_ || now.seconds - shown_ < 0.1) return;
    shown_ = now.seconds;
    const double rate = static_cast<double>(now.done) / now.seconds;
    std::fprintf(stderr,
                 "\r%s: %.1f%s s, %zu handshakes, %s a second, %zu under way, %zu failed\033[K",
                 plan.name.c_str(), now.seconds,
                 plan.handshakes ? "" : (" of " + number_text(plan.seconds)).c_str(),
                 static_cast<std::size_t>(now.done), number_text(rate).c_str(),
                 static_cast<std::size_t>(now.open), static_cast<std::size_t>(now.failed));
    visible_ = true;
  }
  void clear() {
    if (std::exchange(visible_, false)) std::fputs("\r\033[K", stderr);
    shown_ = 0;
  }

 private:
  bool terminal_ = isatty(STDERR_FILENO) != 0;
  bool visible_ = false;
  double shown_ = 0;
};

}  // namespace startle::program
