#include "harness/customer/schedule/server_url.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "harness/base/text.h"
#include "harness/customer/schedule/attributes.h"
#include "harness/customer/schedule/host_form.h"
#include "harness/customer/schedule/placeholder.h"
#include "harness/xml/complaint.h"

namespace startle::customer {
namespace {

constexpr std::size_t kLongestHost = 255;  // RFC 1035, 2.3.4

// The mode without STARTTLS that a URL of this scheme stands for; null: no scheme of a protocol
// here.
const words::ModeRow* mode_of_scheme(std::string_view scheme) {
  const auto row = std::find_if(std::begin(words::kModeRows), std::end(words::kModeRows),
                                [scheme](const words::ModeRow& mode) {
                                  return mode.scheme == scheme && mode.tls != Tls::starttls;
                                });
  return row == std::end(words::kModeRows) ? nullptr : row;
}

// Takes the host off `rest`, up to the port or the end.
std::string take_host(const xml::Element& element, const ServerUrl& url, std::string_view& rest,
                      const std::string& scheme) {
  if (rest.substr(0, 1) == "[") {
    const std::size_t end = rest.find(']');
    const std::string host(rest.substr(1, end == std::string_view::npos ? 0 : end - 1));
    if (host.find(':') == std::string::npos) {
      element.fail(url.written + " has no IPv6 address in its brackets: write it like " + scheme +
                   "://[2001:db8::1]");
    }
    rest.remove_prefix(end + 1);
    return host;
  }
  if (std::count(rest.begin(), rest.end(), ':') > 1) {
    element.fail(url.written + ": an IPv6 address in a URL stands in brackets, like " + scheme +
                 "://[2001:db8::1]");
  }
  const std::string host(rest.substr(0, rest.find(':')));
  rest.remove_prefix(host.size());
  return host;
}

std::uint16_t port_of(const xml::Element& element, const ServerUrl& url, std::string_view text) {
  std::uint16_t port = 0;
  const bool digits = text.size() > 1 && text[0] == ':' && is_digit(text[1]);
  const char* end = text.data() + text.size();
  if (digits) {
    const auto [stop, error] = std::from_chars(text.data() + 1, end, port);
    if (error == std::errc() && stop == end && port > 0) return port;
  }
  element.fail(url.written +
               ": what stands behind the host is not a port, a number from 1 to 65535");
}

// What belongs to `scheme`://, with a host behind it and perhaps a port.
void read_behind_scheme(const xml::Element& element, Protocol protocol, const std::string& scheme,
                        std::string_view rest, ServerUrl& url) {
  const std::string wanted(word(protocol));
  const words::ModeRow* mode = mode_of_scheme(scheme);
  if (mode == nullptr) {
    element.fail(url.written + " is not for <" + wanted + ">: write the host name alone, or " +
                 wanted + ":// or " + wanted + "s:// before it");
  }
  if (mode->protocol != protocol) {
    element.fail(url.written + " belongs into <" + std::string(word(mode->protocol)) + ">: <" +
                 wanted + "> takes " + wanted + ":// and " + wanted + "s://");
  }
  url.scheme = mode->tls;
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  if (const std::string_view behind = rest.substr(end); !behind.empty() && behind != "/") {
    element.fail(url.written + " has more than a host and a port: " +
                 std::string(element_row(protocol).behind_host));
  }
  rest = rest.substr(0, end);
  url.host = take_host(element, url, rest, scheme);
  if (url.host.empty()) element.fail(url.written + " has no host name in it");
  if (!rest.empty()) url.port = port_of(element, url, rest);
}

}  // namespace

ServerUrl read_server_url(const xml::Element& element, Protocol protocol, Mistakes& mistakes) {
  const std::string value =
      required(element, protocol, "url", std::string(element_row(protocol).host));
  if (value.find('@') != std::string::npos && !has_placeholder(value)) {
    // Not quoted: it may hold a password.
    element.fail(
        "url has an @ in it: write the host name alone, and the user into username=\"...\" and "
        "password=\"...\"");
  }
  ServerUrl url{.written = "url=" + xml::quotation(value)};
  refuse_strange(element, "url", value);
  warn_of_look_alike(element, "url", value, mistakes);
  if (has_white_space(value))
    element.fail(url.written + " has white space in it: write one host name");

  if (has_placeholder(value)) element.fail(url.written + " " + host_form(value).complaint);
  constexpr std::string_view kSeparator = "://";
  const std::size_t colon = value.find(kSeparator);
  const bool has_port = std::count(value.begin(), value.end(), ':') == 1;  // IPv6 has more
  if (colon != std::string::npos) {
    read_behind_scheme(element, protocol, ascii_lower(value.substr(0, colon)),
                       std::string_view(value).substr(colon + kSeparator.size()), url);
  } else {
    url.host = value;
    if (value.size() <= kLongestHost && (has_port || value.find('/') != std::string::npos)) {
      mistakes.push_back(
          {element.complaint(url.written +
                             " is taken for a host name: write it without scheme, path and port"),
           Weight::fails});
    }
  }
  if (url.host.size() > kLongestHost) element.fail(url.written + " is too long for a host name");
  const HostForm form = host_form(url.host);
  if (!form.warning.empty()) {
    mistakes.push_back({element.complaint(url.written + ": the host " + form.warning)});
  } else if (!form.complaint.empty() && !has_port && url.host.find('/') == std::string::npos) {
    mistakes.push_back({element.complaint(url.written + " " + form.complaint), Weight::fails});
  }
  return url;
}

}  // namespace startle::customer
