#pragma once
// Presented identities as they stand in a certificate (RFC 5280, 4.2.1.6): the one place that turns
// a recipe's names into bytes, for the certificate and for its declared facts alike.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/recipe.h"

namespace startle::certs {

struct PresentedName {
  NameKind kind = NameKind::dns;
  std::string bytes{};  // ip: 4 or 16 octets; the others: as they stand in the name
  std::string oid{};    // of an otherName
  OtherNameForm form = OtherNameForm::octet_string;
};

// The names for `host`, in the order given. A dNSName that is {host} and nothing else becomes an
// iPAddress where the host is an IP address (RFC 9525, 6.1: an IP address is never a DNS-ID).
// Throws Error(Fault::input) on an unknown placeholder or on an `ip` that is no IP address.
std::vector<PresentedName> present(const std::vector<AlternativeName>& names,
                                   std::string_view host);

// The value of the subjectAltName extension, DER.
std::string subject_alt_name(const std::vector<PresentedName>& names);

// One GeneralName, DER.
std::string general_name(const PresentedName& name);

// 4 or 16 octets in network order; nullopt when `text` is no IP address.
std::optional<std::string> ip_octets(std::string_view text);

// Address and mask, 8 or 32 octets (RFC 5280, 4.2.1.10), of "192.0.2.0/24"; nullopt when it is
// no such range.
std::optional<std::string> ip_range_octets(std::string_view text);

// The reverse of ip_octets, in the canonical text form (RFC 5952).
std::string ip_text(std::string_view octets);

}  // namespace startle::certs
