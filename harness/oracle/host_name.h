#pragma once
// Text forms of names and addresses: what is a host name, what is an IP address, when are two the
// same. Purely lexical: no name is resolved, and no locale matters.

#include <optional>
#include <string>
#include <string_view>

namespace startle::oracle {

// RFC 1123, 2.1 with the lengths of RFC 1035: labels of letters, digits and inner hyphens, joined
// by single dots. The last label is not all digits, so `127.1` and `300.1.1.1` are no host names. A
// name with letters beyond ASCII is one only in its A-label form (RFC 5890, 2.3.2.1).
bool is_host_name(std::string_view text);

// `host` as a certificate names it: an IPv6 address without its brackets (RFC 3986, 3.2.2), a
// U-label as its A-label (RFC 5890, 2.3.2.3). Anything else as it stands.
std::string presented_form(std::string_view host);

// The 4 or 16 octets of an IP address in text form (dotted quad; RFC 4291, 2.2 without a zone).
std::optional<std::string> address_octets(std::string_view text);

// `text` without one final dot, where the rest is a host name; otherwise `text`.
std::string_view without_final_dot(std::string_view text);

}  // namespace startle::oracle
