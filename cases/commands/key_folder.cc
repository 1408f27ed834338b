#include <cstdlib>
#include <filesystem>

#include "cases/commands/commands.h"

namespace startle::commands {

void add_no_cache(CLI::App& sub, bool& no_cache) {
  sub.add_flag("--no-cache", no_cache,
               "Make new private keys, rather than keep them in the user's cache folder");
}

std::filesystem::path key_folder(bool no_cache) {
  if (no_cache) return {};
  const auto set = [](const char* name) -> std::filesystem::path {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  // XDG Base Directory Specification: a relative path is to be ignored.
  if (const auto cache = set("XDG_CACHE_HOME"); cache.is_absolute()) return cache / "startle";
  if (const auto home = set("HOME"); home.is_absolute()) return home / ".cache" / "startle";
  return {};
}

}  // namespace startle::commands
