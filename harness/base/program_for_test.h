#pragma once
// Other people's programs, which read what we write: the openssl program, Java's keytool.

#include <string>

namespace startle {

struct ProgramResult {
  int status = -1;
  std::string output{};  // stdout and stderr
};

// `command` goes to sh.
ProgramResult run_program(const std::string& command);

bool is_installed(const std::string& program);

}  // namespace startle
