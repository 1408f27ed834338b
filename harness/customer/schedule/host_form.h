#pragma once
// How a host that a person wrote reads: one reading for `url` of a configuration and for --name.

#include <string>
#include <string_view>

namespace startle::customer {

// Both are to stand behind the host in quotes. At most one of them is not empty.
struct HostForm {
  std::string complaint{};  // it is no host: "is .., write .."
  std::string warning{};    // it is taken, and this comes of it: "is .."
};

// A host name (RFC 1123, 2.1), also with U-labels (RFC 5890, 2.3.2.1) or a final dot, and an IP
// address, also an IPv6 address in brackets, have neither. What products take for a name though
// it is none has a warning: an underscore, a hyphen at the end of a label, `127.1`; so has a name
// out of an example.
HostForm host_form(std::string_view host);

}  // namespace startle::customer
