#pragma once
// Ctrl-C and its like, while a run has something to lose.

#include <string>

namespace startle::program {

// While it lives, the first SIGINT, SIGTERM or SIGHUP is noted, and a second one ends the process
// as it would without. One that is ignored (nohup) stays so. There is one at a time.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  // The number of the signal; 0: there was none.
  static int signal();
};

// "SIGTERM"
std::string signal_name(int number);
// As a shell says it.
inline constexpr int kBySignal = 128;

}  // namespace startle::program
