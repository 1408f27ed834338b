#pragma once
// Encodings of bytes as text, hex and base64 (RFC 4648), and of numbers as bytes. Byte strings are
// std::string throughout.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace startle {

// Lower-case, no separators.
std::string to_hex(std::string_view bytes);

// Accepts upper and lower case and an even number of digits only; nullopt otherwise.
std::optional<std::string> from_hex(std::string_view digits);

// RFC 4648, 4, with padding, no line breaks.
std::string to_base64(std::string_view bytes);

// Strict (RFC 4954, 4 forbids skipping stray characters): the whole text, right padding, zero
// spare bits; nullopt otherwise.
std::optional<std::string> from_base64(std::string_view text);

// RFC 7468, 2, with lines of 64 characters; `label`: "X509 CRL".
std::string to_pem(std::string_view label, std::string_view der);

// The low `octets` octets of `value`, the most significant first.
std::string big_endian(std::uint64_t value, unsigned octets);

// A 64-bit digest (FNV-1a) for stable ids and seeded choices; no protection against an adversary.
std::uint64_t fingerprint(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace startle
