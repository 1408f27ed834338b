#pragma once
// Finding a secret in what a client sent, in every form a mail client gives it: raw, base64, inside
// the base64 of SASL PLAIN and LOGIN.

#include <string>
#include <string_view>

namespace startle::fake {

// False for an empty secret: it has no canary.
bool holds_secret(std::string_view bytes, std::string_view secret);

// `line` with the secret, and whole base64 words that hold it, replaced by "<secret>".
std::string blotted(std::string_view line, std::string_view secret);

}  // namespace startle::fake
