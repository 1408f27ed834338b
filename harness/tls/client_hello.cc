#include "harness/tls/client_hello.h"

#include <algorithm>
#include <cstddef>

#include "harness/tls/vector.h"

namespace startle::tls {

std::optional<std::string_view> extension_in(std::string_view body, std::uint16_t type) {
  constexpr std::size_t kVersionAndRandom = 2 + 32;
  const char octets[] = {static_cast<char>(type >> 8U), static_cast<char>(type & 0xFFU)};
  const std::string_view wanted(octets, sizeof octets);
  body.remove_prefix(std::min(kVersionAndRandom, body.size()));
  const bool whole = take_vector(body, 1) && take_vector(body, 2) && take_vector(body, 1);
  auto extensions = whole ? take_vector(body, 2) : std::nullopt;
  while (extensions && extensions->size() > wanted.size()) {
    const bool is_wanted = extensions->starts_with(wanted);
    extensions->remove_prefix(wanted.size());
    const auto content = take_vector(*extensions, 2);
    if (is_wanted || !content) return content;
  }
  return std::nullopt;
}

std::optional<std::string_view> server_name_in(std::string_view body) {
  constexpr std::uint16_t kServerName = 0;
  auto content = extension_in(body, kServerName);
  if (!content) return std::nullopt;
  auto list = take_vector(*content, 2);
  if (!list || !list->starts_with('\0')) return std::nullopt;  // the type host_name
  list->remove_prefix(1);
  return take_vector(*list, 2);
}

}  // namespace startle::tls
