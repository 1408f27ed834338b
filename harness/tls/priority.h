#pragma once
// Which algorithms a session may negotiate; TLS 1.2 and 1.3 only.

#include "harness/tls/handle.h"
#include "harness/tls/versions.h"

namespace startle::tls {

enum class Strength {
  medium,  // at least 112 bits: what our client offers
  any,     // weak keys and digests too: what our server serves, and what Java's defaults allow
};

// Parsed once per process; shared.
gnutls_priority_t cached_priority(Strength strength);
// The same of a server, for any strength.
gnutls_priority_t cached_priority(Versions versions);

}  // namespace startle::tls
