#include "harness/tls/priority.h"

namespace startle::tls {
namespace {

constexpr const char* kMedium =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:"
    "-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+GROUP-SECP521R1:+GROUP-FFDHE2048:"
    "%PROFILE_MEDIUM";
constexpr const char* kAny =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:"
    "-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+GROUP-SECP521R1:+GROUP-FFDHE2048:"
    "%VERIFY_ALLOW_BROKEN:%PROFILE_VERY_WEAK";

}  // namespace

gnutls_priority_t cached_priority(Strength strength) {
  const auto parse = [](const char* text) {
    gnutls_priority_t raw = nullptr;
    check(gnutls_priority_init(&raw, text, nullptr), "gnutls_priority_init");
    return PriorityHandle(raw);
  };
  static const PriorityHandle medium = parse(kMedium);
  static const PriorityHandle any = parse(kAny);
  return strength == Strength::medium ? medium.get() : any.get();
}

}  // namespace startle::tls
