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

std::string without_folder(std::string text, const std::filesystem::path& folder) {
  const std::string own = folder.string() + "/";
  for (std::size_t i = text.find(own); i != std::string::npos; i = text.find(own, i)) {
    text.erase(i, own.size());
  }
  return text;
}

ProgramRun without_folder(ProgramRun run, const std::filesystem::path& folder) {
  run.out = without_folder(std::move(run.out), folder);
  run.err = without_folder(std::move(run.err), folder);
  return run;
}

}  // namespace startle::cases
