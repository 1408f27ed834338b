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

PriorityHandle parse(const std::string& text) {
  gnutls_priority_t raw = nullptr;
  check(gnutls_priority_init(&raw, text.c_str(), nullptr), "gnutls_priority_init");
  return PriorityHandle(raw);
}

}  // namespace

gnutls_priority_t cached_priority(Strength strength) {
  static const PriorityHandle medium = parse(kMedium);
  static const PriorityHandle any = parse(kAny);
  return strength == Strength::medium ? medium.get() : any.get();
}

gnutls_priority_t server_priority(Versions versions) {
  static const PriorityHandle tls_1_2 = parse(std::string(kAny) + ":-VERS-TLS1.3");
  static const PriorityHandle bare = parse(std::string(kAny) + ":-VERS-TLS1.3:%NO_SESSION_HASH");
  switch (versions) {
    case Versions::all:
      break;
    case Versions::tls_1_2:
      return tls_1_2.get();
    case Versions::tls_1_2_without_ems:
      return bare.get();
  }
  return cached_priority(Strength::any);
}

}  // namespace startle::tls
