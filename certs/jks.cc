// The format has no specification but its source: sun.security.provider.JavaKeyStore. All numbers
// are big-endian:
//
//   u32 magic FEEDFEED, u32 version 2, u32 entries
//   entry: u32 tag 2 (trusted certificate), UTF alias, u64 created in ms since 1970,
//          UTF "X.509", u32 length, DER            UTF: u16 length, modified UTF-8
//   SHA-1 over the password in UTF-16BE, "Mighty Aphrodite" and all of the above

#include "certs/jks.h"

#include <cstdint>
#include <set>

#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/base/utf_16.h"
#include "harness/customer/store/store_crypto.h"

namespace startle::certs {
namespace {

std::string utf(std::string_view ascii) {
  return big_endian(ascii.size(), 2) + std::string(ascii);
}

[[noreturn]] void refuse(const std::string& why) {
  throw Error(Fault::usage, "key store: " + why);
}

std::string written_alias(const std::string& alias) {
  constexpr std::size_t kLongest = 0xffff;
  if (alias.empty() || alias.size() > kLongest) refuse("an alias has 1 to 65535 characters");
  for (const char c : alias) {
    if (c <= ' ' || c > '~') refuse("an alias is printable ASCII without blanks");
  }
  return ascii_lower(alias);
}

}  // namespace

std::string write_jks(const std::vector<std::pair<std::string, std::string>>& trusted,
                      std::string_view password, std::chrono::sys_seconds created) {
  constexpr std::uint64_t kMagic = 0xfeedfeed;
  constexpr std::uint64_t kVersion = 2;
  constexpr std::uint64_t kTrustedCertificate = 2;
  const std::chrono::milliseconds milliseconds = created.time_since_epoch();
  std::string store =
      big_endian(kMagic, 4) + big_endian(kVersion, 4) + big_endian(trusted.size(), 4);
  std::set<std::string> aliases;
  for (const auto& [given, der] : trusted) {
    const std::string alias = written_alias(given);
    if (!aliases.insert(alias).second) refuse("the alias `" + alias + "` stands twice");
    store += big_endian(kTrustedCertificate, 4) + utf(alias) +
             big_endian(static_cast<std::uint64_t>(milliseconds.count()), 8) + utf("X.509") +
             big_endian(der.size(), 4) + der;
  }
  const auto password_utf_16 = utf_16_of_utf_8(password);
  if (!password_utf_16) refuse("the password is not UTF-8");
  return store + customer::sha1(*password_utf_16 + "Mighty Aphrodite" + store);
}

}  // namespace startle::certs
