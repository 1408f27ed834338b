#pragma once
// The name of the server as a client uses it: for SNI, and for the certificate.

#include <string>

namespace startle::tls {

// U-labels become A-labels (RFC 5890, 2.3.2.3), an IPv6 address loses its brackets (RFC 3986,
// 3.2.2); anything else stays as it is.
std::string ascii_server_name(const std::string& name);

// A host name in the form of RFC 1123, 2.1: labels of letters, digits and inner hyphens, the last
// not all digits. One final dot is tolerated.
bool is_host_name(const std::string& name);

}  // namespace startle::tls
