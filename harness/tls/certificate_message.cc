#include "harness/tls/certificate_message.h"

#include <cstddef>
#include <optional>

namespace startle::tls {
namespace {

// Takes a vector (RFC 8446, 3.4) off the front: its length in `octets` octets, then as many.
// nullopt: it is cut short.
std::optional<std::string_view> take_vector(std::string_view& from, std::size_t octets) {
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

}  // namespace

std::vector<std::string> certificates_of(std::string_view body, bool tls_1_3) {
  std::vector<std::string> all;
  if (tls_1_3 && !take_vector(body, 1)) return all;
  std::optional<std::string_view> list = take_vector(body, 3);
  while (list && !list->empty()) {
    const auto certificate = take_vector(*list, 3);
    if (!certificate) break;
    all.emplace_back(*certificate);
    if (tls_1_3 && !take_vector(*list, 2)) break;
  }
  return all;
}

}  // namespace startle::tls
