#pragma once
// Another program run beside a test: clients of all kinds, and `startle` itself. Every wait has a
// bound, and a program that is still running when its object goes is killed.

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/program_for_test.h"

namespace startle {

// For one wait. Far more than anything here takes, sanitizers on a busy machine included.
inline constexpr std::chrono::seconds kPatience{60};

struct ProcessEnd {
  int status = -1;       // as a shell says it: 128 + N after signal N, so 137 when time was up
  std::string output{};  // of stdout, what read_line() has not taken
  std::string errors{};  // stderr
};

class Process {
 public:
  enum class Input { none, lines };  // stdin: empty, or what write_line() writes
  // `arguments[0]` is looked for in PATH; `variables` ("NAME=value") are added to the environment.
  // What `startle` keeps between runs is kept in the build's own folder, and no shard that these
  // tests are run in is a shard of its.
  // Throws Error(Fault::system) when it cannot be started.
  explicit Process(const std::vector<std::string>& arguments,
                   const std::vector<std::string>& variables = {}, Input input = Input::none);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The next line of stdout, without its end; nothing when it has no more, or time is up.
  std::optional<std::string> read_line();
  // To stdin; for what its pipe holds, 64 KiB, without waiting for the program.
  void write_line(const std::string& line) const;
  void close_input();
  void send_signal(int number) const;
  // Waits for its end; kills it when time is up. Call it once.
  ProcessEnd wait();

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Pipe {
    int fd = -1;
    std::string bytes{};
  };
  // Reads what there is. False: nothing more will come, or time is up.
  bool read_more(Instant until);

  pid_t pid_ = -1;
  int input_ = -1;
  Pipe output_{};
  Pipe errors_{};
  Pipe life_{};  // never written to; at its end the program has ended
};

}  // namespace startle
