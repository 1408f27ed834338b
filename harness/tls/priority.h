#pragma once
// Which algorithms a session may negotiate; TLS 1.2 and 1.3 only.

#include <array>
#include <string_view>

#include "harness/base/words.h"
#include "harness/tls/handle.h"

namespace startle::tls {

enum class Strength {
  medium,  // at least 112 bits: what our client offers
  any,     // weak keys and digests too: what our server serves, and what Java's defaults allow
};

// What a server speaks, each less than the one before.
enum class Versions {
  all,                 // TLS 1.3 and 1.2
  tls_1_2,             // alone
  tls_1_2_without_ems  // and without the extended master secret (RFC 7627)
};
inline constexpr auto kVersions = word_table<Versions>({
    {Versions::all, "all"},
    {Versions::tls_1_2, "1.2"},
    {Versions::tls_1_2_without_ems, "1.2-without-ems"},
});
constexpr Words words_of(Versions) {
  return kVersions;
}

// Parsed once per process; shared.
gnutls_priority_t cached_priority(Strength strength);
// A server's: Strength::any.
gnutls_priority_t server_priority(Versions versions);

}  // namespace startle::tls
