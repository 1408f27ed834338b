#pragma once
// Whether a certificate names the server, as Java's clients see it (OpenJDK 17). All are laxer than
// RFC 9525: the common name counts where there is no dNSName entry.

#include <string_view>

#include "harness/oracle/facts.h"

namespace startle::oracle {

// The endpoint identification "LDAPS" of Java's TLS, which Angus Mail asks for from 2.0.3 on, and
// ldaps. A wildcard may be a part of the left-most label. `host` as configured: one final dot and
// the brackets of an IPv6 literal do not count.
bool java_identifies(std::string_view host, const PresentedIdentity& presented);

// The same, asked for by Java's LDAP client behind StartTLS: a host with a final dot is no name.
bool starttls_identifies(std::string_view host, const PresentedIdentity& presented);

// The matcher of JavaMail 1.4 to Angus Mail 2.0.2, whose way to Java's own is closed since JDK 17:
// it compares letters, in any case. `*.` at the beginning stands for one label and more; addresses
// are looked for among names; a final dot of `host` and the brackets of an IPv6 literal count.
bool javamail_identifies(std::string_view host, const PresentedIdentity& presented);

}  // namespace startle::oracle
