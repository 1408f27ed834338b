#include "harness/customer/host_form.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/customer/attributes.h"
#include "harness/tls/server_name.h"

namespace startle::customer {
namespace {

bool is_address(const std::string& text) {
  if (text.find('\0') != std::string::npos) return false;  // inet_pton() would stop there
  std::array<unsigned char, 16> octets{};
  return ::inet_pton(AF_INET, text.c_str(), octets.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), octets.data()) == 1;
}

// Java reads one to four decimal numbers as an IPv4 address.
bool is_short_address(std::string_view host) {
  return is_digit(host.front()) &&
         std::all_of(host.begin(), host.end(), [](char c) { return is_digit(c) || c == '.'; });
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

namespace {

// With something between them.
bool holds(std::string_view text, std::string_view begin, std::string_view end) {
  const std::size_t at = text.find(begin);
  return at != std::string_view::npos &&
         text.find(end, at + begin.size() + 1) != std::string_view::npos;
}

}  // namespace

bool has_placeholder(std::string_view text) {
  return is_placeholder(text) || holds(text, "%", "%") || holds(text, "@", "@");
}

bool is_placeholder(std::string_view text) {
  const auto is_all = [text](std::string_view begin, std::string_view end) {
    return text.size() > begin.size() + end.size() && text.starts_with(begin) &&
           text.ends_with(end);
  };
  return holds(text, "${", "}") || holds(text, "#{", "}") || holds(text, "{{", "}}") ||
         is_all("%", "%") || is_all("@", "@") || is_all("<", ">") || is_all("{", "}") ||
         is_all("$(", ")");
}

HostForm host_form(std::string_view host) {
  if (host.empty()) return {.complaint = "is empty: it names no host"};
  if (has_placeholder(host)) {
    return {.complaint =
                "is a placeholder that was not filled in: write the name of the host itself"};
  }
  const std::string form = tls::ascii_server_name(std::string(host));
  if (is_address(form) || tls::is_host_name(form)) return {};
  constexpr std::size_t kLongestName = 253;  // RFC 1123, 2.1; RFC 1035, 2.3.4
  if (form.size() > kLongestName) {
    return {.complaint = "is too long for a host name: " + std::to_string(form.size()) +
                         " octets, at most 253 are one"};
  }
  if (is_short_address(host)) {
    return {.warning =
                "is no host name, and only Java takes it for an IP address: write all four "
                "numbers of the address"};
  }
  const std::string strange = strangeness(host);
  if (std::all_of(host.begin(), host.end(), is_of_a_name) && !strange.empty()) {
    return {.warning = strange +
                       " (RFC 1123, 2.1): no certificate names it, and clients that check names "
                       "refuse every server"};
  }
  return {.complaint =
              "is no host name and no IP address (an internationalised name is written "
              "with its A-labels, xn--..)"};
}

}  // namespace startle::customer
