#pragma once
// An LDAP URL (RFC 4516; `ldaps` as OpenLDAP has it), as far as the decision needs it whether a
// referral may be followed: the host, the protection, the name. What to search for is not kept.

#include <string>
#include <string_view>
#include <variant>

#include "harness/wire/parsed.h"

namespace startle::wire {

struct LdapUrl {
  bool implicit_tls = false;  // ldaps
  std::string host{};         // decoded, an IPv6 address without brackets; empty: not stated
  int port = 389;             // 636 with ldaps
  std::string dn{};           // decoded
  // An extension marked critical ("!"): none is known here, so the URL must not be followed
  // (RFC 4516, 2).
  bool critical_extension = false;

  bool operator==(const LdapUrl&) const = default;
};

// Reads the whole of `text`. The offset of a text that ends too early is its length.
std::variant<LdapUrl, Malformed> parse_ldap_url(std::string_view text);

}  // namespace startle::wire
