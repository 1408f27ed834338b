#pragma once
// What both ends make of a name or password before they compare it or send it: the one form that
// SASLprep (RFC 4013) gives it, and its digest in CRAM-MD5. What SCRAM makes of it: scram.h.

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

// The answer to a challenge, without the name (RFC 2195, 2): 32 digits. The digest is keyed with
// the password.
std::string cram_md5_digest(std::string_view password, std::string_view challenge);

}  // namespace startle::sasl
