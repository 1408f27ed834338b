#include "harness/tls/priority.h"

#include <string>

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
constexpr const char* kOld = ":-VERS-TLS1.3";
constexpr const char* kWithoutEms = ":%NO_SESSION_HASH";

PriorityHandle parsed(const std::string& text) {
  gnutls_priority_t raw = nullptr;
  check(gnutls_priority_init(&raw, text.c_str(), nullptr), "gnutls_priority_init");
  return PriorityHandle(raw);
}

}  // namespace

gnutls_priority_t cached_priority(Strength strength) {
  static const PriorityHandle medium = parsed(kMedium);
  static const PriorityHandle any = parsed(kAny);
  return strength == Strength::medium ? medium.get() : any.get();
}

gnutls_priority_t cached_priority(Versions versions) {
  if (versions == Versions::any) return cached_priority(Strength::any);
  static const PriorityHandle old = parsed(std::string(kAny) + kOld);
  static const PriorityHandle bare = parsed(std::string(kAny) + kOld + kWithoutEms);
  return versions == Versions::tls_1_2 ? old.get() : bare.get();
}

}  // namespace startle::tls
