#pragma once
// The program as its users see it: a process with arguments, an exit code and two outputs.

#include <string>
#include <utility>
#include <vector>

namespace startle::cases {

struct ProgramRun {
  int status = -1;  // the exit code; minus the signal that ended it
  std::string out{};
  std::string err{};
};

// Runs `startle` with `arguments` and, added to this process's environment, `environment`. It is
// ended after kPatience by a signal, so that no test hangs.
inline constexpr unsigned kPatience = 20;  // seconds
ProgramRun run_startle(const std::vector<std::string>& arguments,
                       const std::vector<std::pair<std::string, std::string>>& environment = {});

}  // namespace startle::cases
