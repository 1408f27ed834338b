#pragma once
// Whether a certificate names the server for Angus Mail 2.0.3 and later: the endpoint
// identification "LDAPS" of Java's TLS (JSSE, OpenJDK 17). Laxer than RFC 9525: the common name
// counts where there is no dNSName entry, and a wildcard may be a part of the left-most label.

#include <string_view>

#include "harness/oracle/facts.h"

namespace startle::oracle {

// `host` as configured: one final dot and the brackets of an IPv6 literal do not count.
bool java_identifies(std::string_view host, const PresentedIdentity& presented);

}  // namespace startle::oracle
