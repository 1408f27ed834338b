#include "harness/base/program_for_test.h"

#include <sys/wait.h>

#include <array>
#include <cstdio>

#include "harness/base/error.h"

namespace startle {

ProgramResult run_program(const std::string& command) {
  std::FILE* pipe = ::popen((command + " 2>&1 </dev/null").c_str(), "r");
  if (pipe == nullptr) throw Error(Fault::system, "popen: " + command);
  ProgramResult result;
  std::array<char, 4096> part{};
  for (std::size_t got = 0; (got = std::fread(part.data(), 1, part.size(), pipe)) > 0;) {
    result.output.append(part.data(), got);
  }
  const int status = ::pclose(pipe);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

bool is_installed(const std::string& program) {
  return run_program("command -v " + program).status == 0;
}

}  // namespace startle
