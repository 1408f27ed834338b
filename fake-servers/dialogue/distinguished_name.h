#pragma once
// Distinguished names in text form (RFC 4514), as far as a small directory compares them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace startle::fake {

// From the entry upwards, unescaped and in capitals: equal for names of the same entry, without
// regard to case, to spaces around RDNs, and to which of its forms an escape has. Multi-valued RDNs
// compare in the order written.
using Rdns = std::vector<std::string>;

// Nothing: this is no DN.
std::optional<Rdns> rdns_of(std::string_view dn);
bool is_at_or_below(const Rdns& entry, const Rdns& base);
bool same_dn(std::string_view a, std::string_view b);

// "scheduler" of "uid=scheduler,ou=people,dc=example,dc=test"; a name that is no DN as it stands.
std::string first_value(std::string_view name);
// Fit to stand behind a "=".
std::string escaped_value(std::string_view value);

}  // namespace startle::fake
