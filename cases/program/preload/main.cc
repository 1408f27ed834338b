// Preloaded into Dovecot, which looks for its modules, TLS among them, in /usr/lib/dovecot whatever
// its settings say: a folder or a library that is not there is taken from below $STARTLE_UNPACKED.
// And into Exim, which does not begin where its package's account is missing: $STARTLE_ACCOUNT
// stands in for an account, or a group, that is not there.
// Not a part of the tests' own programs, and never built with a sanitizer.

#include <dirent.h>
#include <dlfcn.h>
#include <grp.h>
#include <pwd.h>
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

extern "C" passwd* getpwnam(const char* name) {
  static const auto really = next<passwd* (*)(const char*)>("getpwnam");
  passwd* found = really(name);
  const char* instead = std::getenv("STARTLE_ACCOUNT");
  return found != nullptr || instead == nullptr ? found : really(instead);
}

extern "C" group* getgrnam(const char* name) {
  static const auto really = next<group* (*)(const char*)>("getgrnam");
  group* found = really(name);
  const char* instead = std::getenv("STARTLE_ACCOUNT");
  return found != nullptr || instead == nullptr ? found : really(instead);
}
