#pragma once
// SASLprep (RFC 4013): the one form of a name or password that both ends compute with.

#include <optional>
#include <string>
#include <string_view>

namespace startle::sasl {

// `text` is UTF-8 and treated as a query: code points that Unicode 3.2 does not assign are let pass
// (RFC 4616, 2; RFC 5802, 5.1). Nothing when the profile forbids it, when it is no UTF-8 or holds
// a NUL, or when nothing is left of it.
std::optional<std::string> prepared(std::string_view text);

// Whether both are the same octets, or become the same: what a server compares.
bool is_same_prepared(std::string_view kept, std::string_view given);

}  // namespace startle::sasl
