#include "cases/engine/startle_for_test.h"

#include "harness/base/process_for_test.h"

namespace startle::cases {

ProgramRun run_startle(const std::vector<std::string>& arguments,
                       const std::vector<std::pair<std::string, std::string>>& environment) {
  std::vector<std::string> words{STARTLE_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  ProcessEnd end = Process(words, variables).wait();
  return {.status = end.status, .out = std::move(end.output), .err = std::move(end.errors)};
}

}  // namespace startle::cases
