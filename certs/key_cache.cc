#include "certs/key_cache.h"

#include <fcntl.h>
#include <gnutls/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <system_error>

#include "certs/key_pool.h"
#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle::certs {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOthers = 077;
constexpr std::size_t kLongestKey = 64 * 1024;
constexpr std::string_view kAside = "new-";
constexpr std::string_view kUnique = "XXXXXX";  // mkostemp(3)
// A process that lives has renamed its file milliseconds after it made it.
constexpr std::chrono::hours kLeftBehind{1};

// Nobody else's, and open to nobody else.
bool is_private(const struct stat& about) {
  return about.st_uid == ::geteuid() && (about.st_mode & kOthers) == 0;
}

// Not a fault of anybody: so the machine was set up.
bool is_not_allowed(const std::error_code& failed) {
  return failed == std::errc::permission_denied || failed == std::errc::read_only_file_system ||
         failed == std::errc::operation_not_permitted;
}

std::error_code last_error() {
  return {errno, std::generic_category()};
}

// Why the folder cannot be used; empty: it is ours and private. nullopt: it cannot be had, as is
// to be expected here.
std::optional<std::string> objection_to(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder.parent_path(), failed);
  if (::mkdir(folder.c_str(), 0700) == 0) return "";
  if (!failed) failed = last_error();
  struct stat about {};
  if (::lstat(folder.c_str(), &about) != 0) {
    if (is_not_allowed(failed)) return std::nullopt;
    return "cannot be made: " + failed.message();
  }
  if (!S_ISDIR(about.st_mode)) return "is no folder";
  if (about.st_uid != ::geteuid()) return "belongs to another user";
  if (!is_private(about)) return "is open to other users (its mode is to be 700)";
  return "";
}

bool is_left_behind(const fs::path& file) {
  const std::string name = file.filename().string();
  if (!name.starts_with(kAside) || name.size() != kAside.size() + kUnique.size()) return false;
  struct stat about {};
  if (::lstat(file.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return false;
  const auto written = std::chrono::system_clock::from_time_t(about.st_mtime);
  return written + kLeftBehind < std::chrono::system_clock::now();
}

void clear(const fs::path& folder) {
  std::error_code failed;
  for (fs::directory_iterator file(folder, failed), end; !failed && file != end;
       file.increment(failed)) {
    std::error_code ignored;
    if (is_left_behind(file->path())) fs::remove(file->path(), ignored);
  }
}

std::string name_of(KeyKind kind, std::size_t slot) {
  return std::string(word(kind)) + "-" + std::to_string(slot);
}

}  // namespace

KeyCache::KeyCache(const fs::path& folder, Tell tell) : tell_(std::move(tell)) {
  if (folder.empty()) return;
  const std::optional<std::string> objection = objection_to(folder);
  if (objection == "") {
    folder_ = folder;
    clear(folder_);
  } else if (objection) {
    say(folder.string() + ": " + *objection + ": no key is kept from run to run");
  }
}

void KeyCache::say(const std::string& sentence) const {
  if (tell_) tell_(sentence);
}

fs::path KeyCache::file(KeyKind kind, std::size_t slot) const {
  return folder_ / (name_of(kind, slot) + ".pem");
}

std::string KeyCache::content(KeyKind kind, std::size_t slot, const std::string& pem) {
  const std::string named = name_of(kind, slot) + "\n" + pem;
  std::array<char, 32> digest{};
  tls::check(gnutls_hash_fast(GNUTLS_DIG_SHA256, named.data(), named.size(), digest.data()),
             "gnutls_hash_fast");
  return "startle " + name_of(kind, slot) + " sha256 " + to_hex({digest.data(), digest.size()}) +
         "\n" + pem;
}

bool KeyCache::is_to_be_read(const fs::path& from) const {
  struct stat about {};
  if (::lstat(from.c_str(), &about) != 0) return false;
  // A folder cannot be replaced: keep() tells it.
  if (S_ISDIR(about.st_mode)) return false;
  if (!S_ISREG(about.st_mode)) {
    say(from.string() + ": is no file: the key is made anew");
    return false;
  }
  if (is_private(about)) return true;
  say(from.string() + ": others could have read or written it: the key is made anew");
  return false;
}

tls::PrivateKey KeyCache::find(KeyKind kind, std::size_t slot) const {
  if (folder_.empty()) return nullptr;
  const fs::path from = file(kind, slot);
  if (!is_to_be_read(from)) return nullptr;
  std::string why = "is not what was written there";
  try {
    const std::string text = read_file(from, kLongestKey);
    if (text.starts_with("-----BEGIN ")) return nullptr;  // of an earlier version
    const std::size_t line = text.find('\n');
    const std::string pem = line == std::string::npos ? "" : text.substr(line + 1);
    if (text == content(kind, slot, pem)) {
      why = "holds no " + std::string(word(kind)) + " key that signs";
      tls::PrivateKey key = key_from_pem(pem);
      if (is_of(key.get(), kind) && signs(key.get())) return key;
    }
  } catch (const Error& e) {
    if (e.fault() == Fault::input) {  // read_file() names the file
      say(std::string(e.what()) + ": the key is made anew");
      return nullptr;
    }
  }
  say(from.string() + ": " + why + ": the key is made anew");
  return nullptr;
}

void KeyCache::keep(KeyKind kind, std::size_t slot, gnutls_x509_privkey_t key) const {
  if (folder_.empty()) return;
  const fs::path kept = file(kind, slot);
  // Written aside and renamed: another run reads the whole file or none.
  std::string aside = (folder_ / kAside).string() + std::string(kUnique);
  std::error_code failed;
  const int descriptor = ::mkostemp(aside.data(), O_CLOEXEC);  // mode 0600
  if (descriptor < 0) {
    failed = last_error();
    if (!is_not_allowed(failed)) say(kept.string() + ": the key is not kept: " + failed.message());
    return;
  }
  ::close(descriptor);
  try {
    write_file(aside, content(kind, slot, key_to_pem(key)), true);
    fs::rename(aside, kept, failed);
    if (!failed) return;
    say(kept.string() + ": the key is not kept: " + failed.message());
  } catch (const Error& e) {  // a full disk
    say(kept.string() + ": the key is not kept: " + e.what());
  }
  fs::remove(aside, failed);
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
