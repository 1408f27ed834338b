#include "harness/subject/process_tree.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

namespace startle::subject {
namespace {

namespace fs = std::filesystem;

std::string entry_of(pid_t process, const std::string& name) {
  return "/proc/" + std::to_string(process) + "/" + name;
}

}  // namespace

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  // Each thread has those that it made.
  std::error_code gone;
  for (fs::directory_iterator thread(entry_of(parent, "task"), gone), end; !gone && thread != end;
       thread.increment(gone)) {
    std::ifstream listed(thread->path() / "children");
    for (pid_t child = 0; listed >> child;) children.push_back(child);
  }
  return children;
}

std::vector<pid_t> descendants_of(pid_t ancestor) {
  std::vector<pid_t> all = children_of(ancestor);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const pid_t child : children_of(all[i])) all.push_back(child);
  }
  return all;
}

namespace {

// Of a file `stat` of proc(5).
struct Stat {
  char state = 'S';
  std::uint64_t ticks = 0;
};
Stat read_stat(const fs::path& path) {
  Stat stat;
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return stat;
  // The name, which may hold anything, ends with the last parenthesis.
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  fields >> stat.state;
  std::string skipped;
  constexpr int kBetween = 10;  // from ppid to cmajflt
  for (int i = 0; i < kBetween; ++i) fields >> skipped;
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  fields >> user >> system;
  stat.ticks = user + system;
  return stat;
}

}  // namespace

Activity activity_of(const std::vector<pid_t>& processes) {
  Activity activity;
  for (const pid_t process : processes) {
    activity.ticks += read_stat(entry_of(process, "stat")).ticks;
    // Any of its threads may be the one that runs.
    std::error_code gone;
    for (fs::directory_iterator thread(entry_of(process, "task"), gone), end;
         !gone && thread != end; thread.increment(gone)) {
      const char state = read_stat(thread->path() / "stat").state;
      activity.running = activity.running || state == 'R' || state == 'D';
    }
  }
  return activity;
}

void end_all_children() {
  using Clock = std::chrono::steady_clock;
  // One that does not die of SIGKILL waits for a device, which is not ours to wait for.
  const auto given_up = Clock::now() + std::chrono::seconds(10);
  // What a killed process has left comes to us, and has its turn.
  while (Clock::now() < given_up) {
    for (const pid_t child : descendants_of(getpid())) kill(child, SIGKILL);
    pid_t ended = 0;
    do {
      ended = waitpid(-1, nullptr, WNOHANG);
    } while (ended > 0 || (ended < 0 && errno == EINTR));
    if (ended < 0) return;  // there is none
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
}

}  // namespace startle::subject
