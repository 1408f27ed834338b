#include "harness/wire/ldap_url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>

#include "harness/base/bytes.h"
#include "harness/base/text.h"

namespace startle::wire {
namespace {

struct Scheme {
  std::string_view name;
  bool implicit_tls;
  int port;
};
constexpr Scheme kSchemes[] = {{"ldap://", false, 389}, {"ldaps://", true, 636}};

constexpr int kParts = 4;  // attributes, scope, filter, extensions

// Reads from the left; the first complaint stays.
class UrlReader {
 public:
  explicit UrlReader(std::string_view text) : text_(text) {}

  std::variant<LdapUrl, Malformed> read() {
    LdapUrl url;
    if (scheme(url) && legal() && host(url) && port(url) && rest(url)) return url;
    return complaint_;
  }

 private:
  bool malformed(std::size_t offset, std::string why) {
    complaint_ = {offset, std::move(why)};
    return false;
  }

  // No URI holds other octets than these (RFC 3986, 2).
  bool legal() {
    const auto* bad = std::find_if(text_.begin(), text_.end(), [](char c) {
      return c <= ' ' || c > '~' || std::string_view("\"<>\\^`{|}").find(c) != std::string::npos;
    });
    if (bad == text_.end()) return true;
    return malformed(static_cast<std::size_t>(bad - text_.begin()),
                     "a URL holds an octet that has to be written as %XX");
  }

  bool scheme(LdapUrl& url) {
    for (const Scheme& scheme : kSchemes) {
      if (ascii_upper(text_.substr(0, scheme.name.size())) != ascii_upper(scheme.name)) continue;
      url.implicit_tls = scheme.implicit_tls;
      url.port = scheme.port;
      position_ = scheme.name.size();
      return true;
    }
    return malformed(0, "an LDAP URL starts with ldap:// or ldaps://");
  }

  bool host(LdapUrl& url) {
    if (position_ < text_.size() && text_[position_] == '[') return address(url);
    const std::size_t end = std::min(text_.find_first_of(":/?#@[]", position_), text_.size());
    return decoded(end, url.host);
  }

  bool address(LdapUrl& url) {
    const std::size_t first = position_ + 1;
    const std::size_t end = std::min(text_.find(']', first), text_.size());
    url.host = text_.substr(first, end - first);
    std::array<unsigned char, sizeof(in6_addr)> octets{};
    if (end == text_.size() || ::inet_pton(AF_INET6, url.host.c_str(), octets.data()) != 1) {
      return malformed(first, "an IPv6 address stands in brackets");
    }
    position_ = end + 1;
    return true;
  }

  bool port(LdapUrl& url) {
    if (position_ == text_.size() || text_[position_] != ':') return true;
    const std::size_t first = ++position_;
    int port = 0;
    for (; position_ < text_.size() && is_digit(text_[position_]); ++position_) {
      port = port * 10 + (text_[position_] - '0');
      if (port > 65535) return malformed(position_, "a port is at most 65535");
    }
    if (position_ == first) return true;  // RFC 3986, 3.2.3: as if it were not there
    if (port == 0) return malformed(first, "port 0 is no port");
    url.port = port;
    return true;
  }

  bool rest(LdapUrl& url) {
    if (position_ == text_.size()) return true;
    if (text_[position_] != '/') {
      return malformed(position_, "only a port or / may follow the host");
    }
    ++position_;
    if (!decoded(std::min(text_.find_first_of("?#", position_), text_.size()), url.dn)) {
      return false;
    }
    for (int part = 0; position_ < text_.size(); ++part) {
      if (text_[position_] == '#') return malformed(position_, "an LDAP URL has no fragment");
      if (part == kParts) return malformed(position_, "an LDAP URL has at most four ?");
      ++position_;
      const bool critical = part + 1 == kParts && has_critical(text_.substr(position_));
      url.critical_extension = url.critical_extension || critical;
      std::string unused;
      if (!decoded(std::min(text_.find_first_of("?#", position_), text_.size()), unused)) {
        return false;
      }
    }
    return true;
  }

  static bool has_critical(std::string_view extensions) {
    return extensions.starts_with('!') || extensions.find(",!") != std::string_view::npos;
  }

  // Reads up to `end`, with %XX resolved.
  bool decoded(std::size_t end, std::string& value) {
    value.clear();
    for (; position_ < end; ++position_) {
      if (text_[position_] != '%') {
        value += text_[position_];
        continue;
      }
      const std::string_view digits = text_.substr(position_ + 1, 2);
      const auto octet = digits.size() == 2 ? from_hex(digits) : std::nullopt;
      if (!octet) return malformed(position_, "two hexadecimal digits follow % in a URL");
      value += *octet;
      position_ += 2;
    }
    return true;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  Malformed complaint_{};
};

}  // namespace

std::variant<LdapUrl, Malformed> parse_ldap_url(std::string_view text) {
  return UrlReader(text).read();
}

}  // namespace startle::wire
