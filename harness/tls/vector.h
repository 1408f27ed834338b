#pragma once
// Vectors of the TLS presentation language (RFC 8446, 3.4).

#include <cstddef>
#include <optional>
#include <string_view>

namespace startle::tls {

// Takes a vector off the front: its length in `octets` octets, then as many. nullopt: it is cut
// short.
inline std::optional<std::string_view> take_vector(std::string_view& from, std::size_t octets) {
  if (from.size() < octets) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < octets; ++i) {
    length = length * 256 + static_cast<unsigned char>(from[i]);
  }
  if (from.size() - octets < length) return std::nullopt;
  const std::string_view taken = from.substr(octets, length);
  from.remove_prefix(octets + length);
  return taken;
}

}  // namespace startle::tls
