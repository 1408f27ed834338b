// Preloaded into Dovecot, which looks for its modules, TLS among them, in /usr/lib/dovecot whatever
// its settings say: a folder or a library that is not there is taken from below $STARTLE_UNPACKED.
// Not a part of the tests' own programs, and never built with a sanitizer.

#include <dirent.h>
#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace {

std::string where_it_is(const char* path) {
  const char* root = std::getenv("STARTLE_UNPACKED");
  return root == nullptr || ::access(path, F_OK) == 0 ? path : std::string(root) + path;
}

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" DIR* opendir(const char* path) {
  static const auto really = next<DIR* (*)(const char*)>("opendir");
  return really(where_it_is(path).c_str());
}

extern "C" void* dlopen(const char* path, int mode) noexcept {
  static const auto really = next<void* (*)(const char*, int)>("dlopen");
  return path == nullptr ? really(path, mode) : really(where_it_is(path).c_str(), mode);
}
