#include "harness/tls/client_hello.h"

#include <algorithm>
#include <cstddef>

#include "harness/tls/vector.h"

namespace startle::tls {

std::optional<std::string_view> server_name_in(std::string_view body) {
  constexpr std::size_t kVersionAndRandom = 2 + 32;
  constexpr std::string_view kServerName("\0\0", 2);  // the extension's type
  body.remove_prefix(std::min(kVersionAndRandom, body.size()));
  const bool whole = take_vector(body, 1) && take_vector(body, 2) && take_vector(body, 1);
  auto extensions = whole ? take_vector(body, 2) : std::nullopt;
  while (extensions && extensions->size() > kServerName.size()) {
    const bool is_server_name = extensions->starts_with(kServerName);
    extensions->remove_prefix(kServerName.size());
    auto content = take_vector(*extensions, 2);
    if (!content) return std::nullopt;
    if (!is_server_name) continue;
    auto list = take_vector(*content, 2);
    if (!list || !list->starts_with('\0')) return std::nullopt;  // the type host_name
    list->remove_prefix(1);
    return take_vector(*list, 2);
  }
  return std::nullopt;
}

}  // namespace startle::tls
