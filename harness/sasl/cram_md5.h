#pragma once
// What both ends of CRAM-MD5 compute (RFC 2195, 2).

#include <string>
#include <string_view>

namespace startle::sasl {

// The answer to a challenge, without the name: 32 digits. The digest is keyed with the password.
std::string cram_md5_digest(std::string_view password, std::string_view challenge);

}  // namespace startle::sasl
