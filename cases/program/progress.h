#pragma once
// A line on the terminal while long work is under way; nothing where there is no terminal.

#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace startle::program {

class Progress {
 public:
  // `what` is counted: "cases".
  explicit Progress(std::size_t total, const char* what = "cases")
      : total_(total), what_(what), on_(isatty(STDERR_FILENO) != 0 && total > 50) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::size_t done) {
    const auto now = std::chrono::steady_clock::now();
    if (!on_ || now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    std::fprintf(stderr, "\r%zu of %zu %s (%zu %%)\033[K", done, total_, what_,
                 done * 100 / total_);
    shown_ = true;
  }
  void clear() {
    if (shown_) std::fputs("\r\033[K", stderr);
    shown_ = false;
  }

 private:
  std::size_t total_;
  const char* what_;
  bool on_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace startle::program
