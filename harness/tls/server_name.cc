#include "harness/tls/server_name.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/base/text.h"

namespace startle::tls {

std::string ascii_server_name(const std::string& name) {
  if (name.size() > 2 && name.front() == '[' && name.back() == ']') {
    std::array<unsigned char, 16> octets{};
    const std::string inner = name.substr(1, name.size() - 2);
    const bool has_nul = inner.find('\0') != std::string::npos;  // inet_pton() would stop there
    if (!has_nul && ::inet_pton(AF_INET6, inner.c_str(), octets.data()) == 1) return inner;
  }
  const auto is_beyond_ascii = [](char c) { return (c & 0x80) != 0; };
  if (std::ranges::none_of(name, is_beyond_ascii)) return name;
  // GnuTLS would leave out what no host name has, and so look for another host.
  const auto is_of_a_host = [&](char c) {
    return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || is_beyond_ascii(c);
  };
  if (!std::ranges::all_of(name, is_of_a_host)) return name;
  gnutls_datum_t mapped{};
  const auto size = static_cast<unsigned>(name.size());
  if (gnutls_idna_map(name.data(), size, &mapped, 0) != GNUTLS_E_SUCCESS) return name;
  std::string form(reinterpret_cast<const char*>(mapped.data), mapped.size);
  gnutls_free(mapped.data);
  return form;
}

bool is_host_name(const std::string& name) {
  constexpr std::size_t kLongest = 253;
  constexpr std::size_t kLongestLabel = 63;
  std::string_view left = name;
  if (left.ends_with('.')) left.remove_suffix(1);
  if (left.size() > kLongest) return false;
  bool any_letter = false;  // or hyphen, in the last label
  std::size_t label = 0;
  char before = '.';
  for (const char c : left) {
    if (c == '.') {
      if (label == 0 || before == '-') return false;
      label = 0;
      any_letter = false;
    } else {
      if (!is_alphanumeric(c) && (c != '-' || label == 0)) return false;
      if (++label > kLongestLabel) return false;
      any_letter = any_letter || !is_digit(c);
    }
    before = c;
  }
  return label > 0 && before != '-' && any_letter;
}

}  // namespace startle::tls
