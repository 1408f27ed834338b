#pragma once
// The end of a command that has left threads behind: nothing may be taken from under them.

#include <cstdlib>
#include <exception>
#include <iostream>

#include "cases/program/commands.h"

namespace startle::program {

// As `main` ends for what it has caught.
[[noreturn]] inline void leave_at_once(const std::exception& cause) {
  std::cerr << "startle: " << cause.what() << std::endl;
  std::cout.flush();
  std::_Exit(kNotJudged);
}

}  // namespace startle::program
