#pragma once
// UTF-16 in network byte order, which Java digests passwords in and PKCS #12 writes names in
// (BMPString), to and from the UTF-8 of everything else.

#include <optional>
#include <string>
#include <string_view>

namespace startle {

// nullopt: not UTF-8 (RFC 3629, 4): cut off, longer than need be, a surrogate.
std::optional<std::string> utf_16_of_utf_8(std::string_view utf_8);

// nullopt: an odd number of octets, or half of a surrogate pair (RFC 2781, 2.2).
std::optional<std::string> utf_8_of_utf_16(std::string_view utf_16);

}  // namespace startle
