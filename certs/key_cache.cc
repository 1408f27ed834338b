#include "certs/key_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <system_error>

#include "certs/key_pool.h"
#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle::certs {
namespace {

constexpr mode_t kOthers = 077;
constexpr std::size_t kLongestKey = 64 * 1024;

// Nobody else's, and open to nobody else.
bool is_private(const struct stat& about) {
  return about.st_uid == ::geteuid() && (about.st_mode & kOthers) == 0;
}

// The folder, ours and private; false where it cannot be had.
bool secure(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder.parent_path(), failed);
  if (::mkdir(folder.c_str(), 0700) == 0) return true;
  struct stat about {};
  return ::lstat(folder.c_str(), &about) == 0 && S_ISDIR(about.st_mode) && is_private(about);
}

bool is_private_file(const std::filesystem::path& file) {
  struct stat about {};
  return ::lstat(file.c_str(), &about) == 0 && S_ISREG(about.st_mode) && is_private(about);
}

}  // namespace

KeyCache::KeyCache(const std::filesystem::path& folder) {
  if (!folder.empty() && secure(folder)) folder_ = folder;
}

std::filesystem::path KeyCache::file(KeyKind kind, std::size_t slot) const {
  return folder_ / (std::string(word(kind)) + "-" + std::to_string(slot) + ".pem");
}

tls::PrivateKey KeyCache::find(KeyKind kind, std::size_t slot) const {
  const std::filesystem::path from = file(kind, slot);
  if (folder_.empty() || !is_private_file(from)) return nullptr;
  try {
    tls::PrivateKey key = key_from_pem(read_file(from, kLongestKey));
    return is_of(key.get(), kind) ? std::move(key) : nullptr;
  } catch (const Error&) {  // cut off, or no key at all
    return nullptr;
  }
}

void KeyCache::keep(KeyKind kind, std::size_t slot, gnutls_x509_privkey_t key) const {
  if (folder_.empty()) return;
  // Written aside and renamed: another run reads the whole file or none.
  std::string aside = (folder_ / "new-XXXXXX").string();
  const int descriptor = ::mkostemp(aside.data(), O_CLOEXEC);  // mode 0600
  if (descriptor < 0) return;
  ::close(descriptor);
  std::error_code failed;
  try {
    write_file(aside, key_to_pem(key), true);
    std::filesystem::rename(aside, file(kind, slot), failed);
  } catch (const Error&) {  // a full disk
    failed = std::make_error_code(std::errc::io_error);
  }
  if (failed) std::filesystem::remove(aside, failed);
}

std::filesystem::path users_key_cache() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::filesystem::path(value == nullptr ? "" : value);
  };
  // A relative one is to be ignored (XDG Base Directory Specification).
  const std::filesystem::path cache = variable("XDG_CACHE_HOME");
  if (cache.is_absolute()) return cache / "startle" / "keys";
  const std::filesystem::path home = variable("HOME");
  return home.is_absolute() ? home / ".cache" / "startle" / "keys" : std::filesystem::path();
}

}  // namespace startle::certs
