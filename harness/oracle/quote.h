#pragma once
// Names inside a sentence. A name may come from a certificate made to confuse, so nothing of it
// reaches a terminal unprintable, and a long list stays short.

#include <string>
#include <string_view>
#include <vector>

#include "harness/oracle/facts.h"

namespace startle::oracle {

// In back quotes; a byte that is not printable ASCII, a back quote or a backslash as \xNN; cut
// after 80 bytes.
std::string quoted(std::string_view name);

// "`a`, `b`, `c` and 4 more".
std::string quoted(const std::vector<std::string>& names);

// Whom a certificate is issued to by its subjectAltName: "`a`, `b`, IP address `127.0.0.1`";
// "nobody by subjectAltName" where it has no such entry.
std::string presented_names(const PresentedIdentity& presented);

}  // namespace startle::oracle
