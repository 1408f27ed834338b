#include "harness/customer/schedule/host_form.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "harness/base/text.h"
#include "harness/customer/schedule/placeholder.h"
#include "harness/tls/server_name.h"

namespace startle::customer {
namespace {

bool is_address(const std::string& text) {
  if (text.find('\0') != std::string::npos) return false;  // inet_pton() would stop there
  std::array<unsigned char, 16> octets{};
  return ::inet_pton(AF_INET, text.c_str(), octets.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), octets.data()) == 1;
}

// Java reads one to four decimal numbers as an IPv4 address, the last of which fills what is left;
// so does inet_aton(), but for leading zeros.
bool is_short_address(std::string_view host) {
  constexpr std::ptrdiff_t kOctets = 4;
  const std::ptrdiff_t dots = std::count(host.begin(), host.end(), '.');
  if (dots >= kOctets) return false;
  for (std::ptrdiff_t part = 0; part <= dots; ++part) {
    const std::string_view number = host.substr(0, host.find('.'));
    std::uint64_t value = 0;
    const char* end = number.data() + number.size();
    const auto [stop, failed] = std::from_chars(number.data(), end, value);
    const auto bits = part < dots ? 8 : 8 * (kOctets - dots);
    if (failed != std::errc() || stop != end || value >> bits != 0) return false;
    host.remove_prefix(std::min(number.size() + 1, host.size()));
  }
  return true;
}

bool has_label_with_outer_hyphen(std::string_view host) {
  return host.front() == '-' || host.back() == '-' || host.find(".-") != std::string_view::npos ||
         host.find("-.") != std::string_view::npos;
}

// What is strange about a host that is no host name; empty: that it is none.
std::string strangeness(std::string_view host) {
  if (host.find('_') != std::string_view::npos) return "has an underscore, which no host name has";
  if (has_label_with_outer_hyphen(host)) return "has a label that begins or ends with a hyphen";
  if (host.find("..") != std::string_view::npos || host.front() == '.') return "has an empty label";
  return "";
}

constexpr bool is_of_a_name(char c) {
  return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || (c & 0x80) != 0;
}

}  // namespace

HostForm host_form(std::string_view host) {
  if (host.empty()) return {.complaint = "is empty: it names no host"};
  if (has_placeholder(host)) {
    return {.complaint =
                "is a placeholder that was not filled in: write the name of the host itself"};
  }
  const std::string form = tls::ascii_server_name(std::string(host));
  if (has_stand_in(host)) {
    return {.warning = "looks like one of an example: write the name of the host itself"};
  }
  if (is_address(form) || tls::is_host_name(form)) return {};
  constexpr std::size_t kLongestName = 253;  // RFC 1123, 2.1; RFC 1035, 2.3.4
  if (form.size() > kLongestName) {
    return {.complaint = "is too long for a host name: " + std::to_string(form.size()) +
                         " octets, at most 253 are one"};
  }
  if (is_short_address(host)) {
    return {
        .warning =
            "is no host name, and what takes it for an IP address, as Java does, fills in what is "
            "missing: write all four numbers of the address"};
  }
  const std::string strange = strangeness(host);
  if (std::all_of(host.begin(), host.end(), is_of_a_name) && !strange.empty()) {
    return {.warning = strange +
                       " (RFC 1123, 2.1): public authorities issue no certificate for it, and Java "
                       "refuses every server when it compares names"};
  }
  return {.complaint =
              "is no host name and no IP address (an internationalised name is written "
              "with its A-labels, xn--..)"};
}

}  // namespace startle::customer
