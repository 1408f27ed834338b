#include "harness/tls/certificate_message.h"

#include <optional>

#include "harness/tls/vector.h"

namespace startle::tls {
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
