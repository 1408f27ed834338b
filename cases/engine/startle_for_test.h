#pragma once
// The program as its users see it: a process with arguments, an exit code and two outputs.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace startle::cases {

struct ProgramRun {
  int status = -1;  // as a shell says it: 128 + N after signal N
  std::string out{};
  std::string err{};
};

// Runs `startle` with `arguments` and, added to this process's environment, `environment`. It is
// killed when it takes longer than kPatience (harness/base/process_for_test.h), so that no test
// hangs.
ProgramRun run_startle(const std::vector<std::string>& arguments,
                       const std::vector<std::pair<std::string, std::string>>& environment = {});

// With the paths of `folder` as whoever stands in it would write them.
std::string without_folder(std::string text, const std::filesystem::path& folder);
ProgramRun without_folder(ProgramRun run, const std::filesystem::path& folder);

}  // namespace startle::cases
