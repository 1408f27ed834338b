#include "harness/oracle/host_name.h"

#include <arpa/inet.h>
#include <idn2.h>

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace startle::oracle {
namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestName = 253;

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
           return is_alphanumeric(c) || c == '-';
         });
}

}  // namespace

bool is_host_name(std::string_view text) {
  if (text.size() > kLongestName) return false;
  while (true) {
    const std::size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) return !std::all_of(label.begin(), label.end(), is_digit);
    text.remove_prefix(dot + 1);
  }
}

std::string presented_form(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    const std::string_view inner = host.substr(1, host.size() - 2);
    if (const auto octets = address_octets(inner); octets && octets->size() == 16)
      return std::string(inner);
  }
  const std::string written(host);
  if (host.find('\0') != std::string_view::npos) return written;  // libidn2 would stop there
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(host.begin(), host.end(), is_ascii)) return written;
  char* a_labels = nullptr;
  if (idn2_to_ascii_8z(written.c_str(), &a_labels, IDN2_NONTRANSITIONAL) != IDN2_OK) return written;
  std::string form(a_labels);
  idn2_free(a_labels);
  return form;
}

std::optional<std::string> address_octets(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;  // inet_pton would stop there
  const std::string terminated(text);
  std::array<char, 16> octets{};
  if (inet_pton(AF_INET, terminated.c_str(), octets.data()) == 1) {
    return std::string(octets.data(), 4);
  }
  if (inet_pton(AF_INET6, terminated.c_str(), octets.data()) == 1) {
    return std::string(octets.data(), 16);
  }
  return std::nullopt;
}

std::string_view without_final_dot(std::string_view text) {
  if (!text.ends_with('.')) return text;
  const std::string_view rest = text.substr(0, text.size() - 1);
  return is_host_name(rest) ? rest : text;
}

}  // namespace startle::oracle
