#include "harness/oracle/java_identity.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/base/text.h"
#include "harness/oracle/host_name.h"

namespace startle::oracle {
namespace {

// What Java takes for a server name (java.net.IDN.toASCII with USE_STD3_ASCII_RULES): letters,
// digits and inner hyphens in every label, no final dot. Unlike is_host_name, the last label may be
// all digits (a dNSName or CN `127.0.0.1` is tolerated; only an address of this form is never
// looked up among names), and all labels together may be as long as they like.
bool is_server_name(std::string_view text) {
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_host_name(std::string(text.substr(0, dot)) + ".x")) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

// `*` stands for any part of a label, as often as it likes. Java compares U-labels, where a part of
// an A-label means nothing: there only a whole-label `*` counts. The pieces between are taken at
// their first place, which finds a match where there is one.
bool matches_label(std::string_view pattern, std::string_view label) {
  std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == label;
  const bool whole = pattern.find_first_not_of('*') == std::string_view::npos;
  if (label.starts_with("xn--")) return whole;
  if (!label.starts_with(pattern.substr(0, star))) return false;
  while (star != std::string_view::npos) {
    const std::size_t at = label.find(pattern.substr(0, star));
    if (at == std::string_view::npos) return false;
    label.remove_prefix(at + star);
    pattern.remove_prefix(star + 1);
    star = pattern.find('*');
  }
  return label.ends_with(pattern);
}

// HostnameChecker, TYPE_LDAP; both in lower case.
bool matches_name(std::string_view host, const std::string& presented) {
  const std::size_t last_star = presented.rfind('*');
  if (last_star != std::string::npos) {
    const std::size_t dot_behind = presented.find('.', last_star);
    if (dot_behind == std::string::npos || presented == "*.") return false;
  }
  std::string without_stars = presented;
  std::replace(without_stars.begin(), without_stars.end(), '*', 'z');
  if (!is_server_name(without_stars)) return false;
  const std::size_t host_dot = std::min(host.find('.'), host.size());
  const std::size_t dot = std::min(presented.find('.'), presented.size());
  return host.substr(host_dot) == std::string_view(presented).substr(dot) &&
         matches_label(std::string_view(presented).substr(0, dot), host.substr(0, host_dot));
}

// Java reads one to four decimal numbers as an IPv4 address, the last one filling what is left:
// `127.1` is 127.0.0.1.
std::optional<std::string> java_ipv4(std::string_view text) {
  constexpr std::size_t kLongest = 15;
  if (text.size() > kLongest) return std::nullopt;
  std::string octets;
  std::uint64_t number = 0;
  bool digits = false;
  for (const char c : text) {
    if (is_digit(c)) {
      number = number * 10 + static_cast<std::uint64_t>(c - '0');
      digits = true;
    } else {
      if (c != '.' || !digits || number > 255 || octets.size() == 3) return std::nullopt;
      octets += static_cast<char>(number);
      number = 0;
      digits = false;
    }
  }
  if (!digits || number >> (8 * (4 - octets.size())) != 0) return std::nullopt;
  while (octets.size() < 4) {
    octets += static_cast<char>(number >> (8 * (3 - octets.size())));
  }
  return octets;
}

// An IPv4-mapped IPv6 address is the IPv4 address to Java (InetAddress.getByAddress).
std::optional<std::string> java_address(std::string_view text) {
  if (auto octets = java_ipv4(text)) return octets;
  std::optional<std::string> octets = address_octets(text);
  const std::string mapped = std::string(10, '\0') + "\xff\xff";
  if (octets && octets->size() == 16 && octets->starts_with(mapped)) octets->erase(0, 12);
  return octets;
}

// JavaMail's matchServer().
bool matches_letters(std::string_view host, std::string_view presented) {
  if (!presented.starts_with("*.")) return equal_ignoring_case(host, presented);
  const std::string_view tail = presented.substr(1);
  const bool something_before = host.size() >= tail.size();
  return tail != "." && something_before &&
         equal_ignoring_case(host.substr(host.size() - tail.size()), tail);
}

}  // namespace

bool java_identifies(std::string_view host, const PresentedIdentity& presented) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return starttls_identifies(host, presented);
}

bool starttls_identifies(std::string_view host, const PresentedIdentity& presented) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (const auto address = java_address(host)) {
    return std::any_of(presented.ip_addresses.begin(), presented.ip_addresses.end(),
                       [&](const auto& ip) { return java_address(ip) == address; });
  }
  const std::string name = ascii_lower(presented_form(host));
  if (!is_server_name(name)) return false;
  if (presented.dns_names.empty()) return matches_name(name, ascii_lower(presented.common_name));
  return std::any_of(presented.dns_names.begin(), presented.dns_names.end(),
                     [&](const auto& dns) { return matches_name(name, ascii_lower(dns)); });
}

bool javamail_identifies(std::string_view host, const PresentedIdentity& presented) {
  if (presented.dns_names.empty()) return matches_letters(host, presented.common_name);
  // Java reads an octet beyond ASCII as no letter at all.
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  return std::any_of(presented.dns_names.begin(), presented.dns_names.end(), [&](const auto& dns) {
    return std::all_of(dns.begin(), dns.end(), is_ascii) && matches_letters(host, dns);
  });
}

}  // namespace startle::oracle
