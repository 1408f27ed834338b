#pragma once
// Which algorithms a session may negotiate: a client TLS 1.2 and 1.3 only.

#include <array>
#include <string>
#include <string_view>

#include "harness/base/words.h"
#include "harness/tls/handle.h"

namespace startle::tls {

enum class Strength {
  medium,  // at least 112 bits: what our client offers
  any,     // certificates of weak keys and digests too: what Java's defaults allow
};

// What a server speaks, each less than the one before.
enum class Versions {
  all,                  // TLS 1.3 and 1.2
  tls_1_2,              // alone
  tls_1_2_without_ems,  // and without the extended master secret (RFC 7627)
  tls_1_1,              // what RFC 8996 has put an end to
  tls_1_0,
};
inline constexpr auto kVersions = word_table<Versions>({
    {Versions::all, "all"},
    {Versions::tls_1_2, "1.2"},
    {Versions::tls_1_2_without_ems, "1.2-without-ems"},
    {Versions::tls_1_1, "1.1"},
    {Versions::tls_1_0, "1.0"},
});
constexpr Words words_of(Versions) {
  return kVersions;
}
// No client of today goes on with it (RFC 8996).
constexpr bool is_given_up(Versions versions) {
  return versions == Versions::tls_1_1 || versions == Versions::tls_1_0;
}

// What a client offers beside Strength::medium, where it is to have a defect.
enum class Offer {
  nothing,
  old_versions,  // TLS 1.0 and 1.1 (RFC 8996)
  null_cipher,   // no encryption (RFC 9325, 4.1)
  rc4,           // RFC 7465
  sha_1,         // signatures in the handshake (RFC 9155)
  anonymous,     // no certificate (RFC 5246, F.1.1.1)
  weak_dh,       // groups of 1024 bits (RFC 9325, 4.5)
};

// Of a group of finite fields (RFC 9325, 4.5).
inline constexpr unsigned kLeastDhBits = 2048;
inline constexpr unsigned kWeakDhBits = 1024;

// Parsed once per process; shared.
gnutls_priority_t cached_priority(Strength strength);
gnutls_priority_t cached_priority(Offer offer);
PriorityHandle parse_priority(const std::string& text);
// What our server serves, weak keys and digests too, in GnuTLS's words.
std::string server_priority_text(Versions versions);
// A server's.
gnutls_priority_t server_priority(Versions versions);

}  // namespace startle::tls
