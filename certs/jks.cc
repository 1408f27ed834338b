// The format has no specification but its source: sun.security.provider.JavaKeyStore. All numbers
// are big-endian:
//
//   u32 magic FEEDFEED, u32 version 2, u32 entries
//   entry: u32 tag 2 (trusted certificate), UTF alias, u64 created in ms since 1970,
//          UTF "X.509", u32 length, DER            UTF: u16 length, modified UTF-8
//   SHA-1 over the password in UTF-16BE, "Mighty Aphrodite" and all of the above

#include "certs/jks.h"

#include <gnutls/crypto.h>

#include <array>
#include <cstdint>
#include <set>

#include "harness/base/error.h"
#include "harness/tls/handle.h"

namespace startle::certs {
namespace {

std::string big_endian(std::uint64_t value, unsigned octets) {
  std::string out;
  for (unsigned shift = octets * 8; shift > 0;) {
    shift -= 8;
    out += static_cast<char>(value >> shift & 0xff);
  }
  return out;
}

std::string utf(std::string_view ascii) {
  return big_endian(ascii.size(), 2) + std::string(ascii);
}

[[noreturn]] void refuse(const std::string& why) {
  throw Error(Fault::usage, "key store: " + why);
}

// One character off the front of `utf_8` (RFC 3629, 4).
char32_t take_character(std::string_view& utf_8) {
  const auto lead = static_cast<unsigned char>(utf_8.front());
  const std::size_t octets = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                                           : 4;
  if (octets == 0 || lead > 0xf4 || utf_8.size() < octets) refuse("the password is not UTF-8");
  char32_t character = octets == 1 ? lead : lead & (0xff >> (octets + 1));
  for (std::size_t i = 1; i < octets; ++i) {
    const auto next = static_cast<unsigned char>(utf_8[i]);
    if ((next & 0xc0) != 0x80) refuse("the password is not UTF-8");
    character = character << 6 | (next & 0x3f);
  }
  constexpr std::array<char32_t, 5> kFirstOfLength{0, 0, 0x80, 0x800, 0x10000};
  if (character < kFirstOfLength[octets] || character > 0x10ffff ||
      (character >= 0xd800 && character < 0xe000)) {
    refuse("the password is not UTF-8");
  }
  utf_8.remove_prefix(octets);
  return character;
}

std::string utf_16_big_endian(std::string_view utf_8) {
  std::string out;
  while (!utf_8.empty()) {
    const char32_t character = take_character(utf_8);
    if (character < 0x10000) {
      out += big_endian(character, 2);
    } else {  // a surrogate pair
      out += big_endian(0xd800 + ((character - 0x10000) >> 10), 2);
      out += big_endian(0xdc00 + ((character - 0x10000) & 0x3ff), 2);
    }
  }
  return out;
}

std::string written_alias(const std::string& alias) {
  constexpr std::size_t kLongest = 0xffff;
  if (alias.empty() || alias.size() > kLongest) refuse("an alias has 1 to 65535 characters");
  std::string written = alias;
  for (char& c : written) {
    if (c <= ' ' || c > '~') refuse("an alias is printable ASCII without blanks");
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return written;
}

std::string sha1(const std::string& bytes) {
  std::array<char, 20> digest{};
  tls::check(gnutls_hash_fast(GNUTLS_DIG_SHA1, bytes.data(), bytes.size(), digest.data()),
             "gnutls_hash_fast");
  return {digest.data(), digest.size()};
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
  return store + sha1(utf_16_big_endian(password) + "Mighty Aphrodite" + store);
}

}  // namespace startle::certs
