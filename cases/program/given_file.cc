#include <filesystem>
#include <system_error>

#include "cases/program/commands.h"

namespace startle::program {

bool is_file(const std::string& what) {
  std::error_code ignored;
  return what.ends_with(".xml") || std::filesystem::is_regular_file(what, ignored);
}

}  // namespace startle::program
