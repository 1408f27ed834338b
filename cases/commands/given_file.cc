#include <filesystem>

#include "cases/commands/commands.h"

namespace startle::commands {

bool is_file(const std::string& what) {
  return what.ends_with(".xml") || std::filesystem::is_regular_file(what);
}

}  // namespace startle::commands
