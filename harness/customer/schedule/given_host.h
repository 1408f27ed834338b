#pragma once
// A server that stands in no file: what an Allegra (Track+) connects to is set in its own pages,
// and all that a customer can name is the host and the port.

#include <optional>
#include <string>
#include <vector>

#include "harness/customer/schedule/schedule.h"

namespace startle::customer {

// Each "HOST:PORT", an IPv6 address in brackets, is an entry as a file would have it, `file` being
// `option` and `line` its place in the list from 1. The port says what is spoken: 389, 636, 3268
// and 3269 LDAP, any other SMTP; 465, 636 and 3269 TLS from the first octet, any other STARTTLS;
// `mode` says it in its place. There is no trust value. With SMTP a user is made up, as a server
// wants one. Throws Error(Fault::usage).
Schedule hosts_given(const std::vector<std::string>& given, std::optional<words::Mode> mode,
                     const std::string& option);

}  // namespace startle::customer
