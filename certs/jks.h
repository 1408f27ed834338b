#pragma once
// Java's own trust store format, JKS: what `keytool -importcert` writes, and products built on Java
// read. Trusted certificates only, no private keys.

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace startle::certs {

// `trusted`: (alias, DER certificate). Java compares aliases in lower case, so they are written so.
// `created` is the entries' date, in milliseconds on disk. Throws Error(Fault::usage) for an alias
// that is not printable ASCII or stands twice, and for a password that is not UTF-8.
std::string write_jks(const std::vector<std::pair<std::string, std::string>>& trusted,
                      std::string_view password, std::chrono::sys_seconds created);

}  // namespace startle::certs
