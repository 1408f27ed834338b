#pragma once
// A line on the terminal while long work is under way; where there is none, as in a CI's log, a
// line each minute.

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

namespace startle::program {

// ", 2 min 5 s left" of work that went on as it did in the first `seconds`; empty as long as that
// is no more than a guess.
inline std::string time_left(std::size_t done, std::size_t total, double seconds) {
  constexpr double kSoonest = 2;
  constexpr unsigned long kMinute = 60;
  if (done == 0 || done >= total || seconds < kSoonest) return "";
  const double left = seconds / static_cast<double>(done) * static_cast<double>(total - done);
  const auto whole = static_cast<unsigned long>(left) + 1;
  if (whole < kMinute) return ", " + std::to_string(whole) + " s left";
  if (whole < kMinute * kMinute) {
    return ", " + std::to_string(whole / kMinute) + " min " + std::to_string(whole % kMinute) +
           " s left";
  }
  const unsigned long minutes = whole / kMinute;
  return ", " + std::to_string(minutes / kMinute) + " h " + std::to_string(minutes % kMinute) +
         " min left";
}

class Progress {
 public:
  // `what` is counted: "cases".
  explicit Progress(std::size_t total, const char* what = "cases")
      : total_(total), what_(what), terminal_(isatty(STDERR_FILENO) != 0), on_(total > 50) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::size_t done) {
    const auto now = std::chrono::steady_clock::now();
    const auto pause = terminal_ ? std::chrono::milliseconds(100) : std::chrono::minutes(1);
    if (!on_ || now - last_ < pause) return;
    last_ = now;
    const std::chrono::duration<double> passed = now - began_;
    std::fprintf(
        stderr,
        terminal_ ? "\r%zu of %zu %s (%zu %%)%s\033[K" : "startle: %zu of %zu %s (%zu %%)%s\n",
        done, total_, what_, done * 100 / total_, time_left(done, total_, passed.count()).c_str());
    shown_ = terminal_;
  }
  void clear() {
    if (shown_) std::fputs("\r\033[K", stderr);
    shown_ = false;
  }

 private:
  std::size_t total_;
  const char* what_;
  bool terminal_;
  bool on_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_ =
      terminal_ ? std::chrono::steady_clock::time_point{} : began_;
};

}  // namespace startle::program
