#include "cases/program/given_url.h"

#include <algorithm>
#include <charconv>

#include "cases/program/commands.h"
#include "harness/base/error.h"
#include "harness/net/tcp.h"

namespace startle::program {
namespace {

constexpr std::string_view kForm =
    "write smtp://HOST[:PORT], smtps://, ldap:// or ldaps://, for example smtp://localhost:2525";

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw Error(Fault::usage, "`" + text + "` " + why + ": " + std::string(kForm));
}

bool is_address(const std::string& host) {
  return host.find(':') != std::string::npos ||
         host.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace

GivenUrl parse_given_url(const std::string& text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string::npos) refuse(text, "is no URL");
  GivenUrl url;
  const auto row = std::ranges::find_if(words::kModeRows, [&](const words::ModeRow& one) {
    return one.scheme == text.substr(0, colon) && one.tls != words::Tls::none;
  });
  if (row == words::kModeRows.end()) refuse(text, "has a scheme that is not known here");
  url.mode = row->value;
  url.port = row->port;
  std::string rest = text.substr(colon + 3);
  if (rest.ends_with('/')) rest.pop_back();
  if (rest.find_first_of("/?@#") != std::string::npos) refuse(text, "has more than host and port");
  const std::size_t end = rest.starts_with('[') ? rest.find(']') : 0;
  if (end == std::string::npos) refuse(text, "has a [ without its ]");
  const std::size_t before_port = rest.find(':', end);
  url.host = rest.substr(0, before_port);
  if (end > 0) url.host = rest.substr(1, end - 1);
  if (url.host.empty()) refuse(text, "names no host");
  if (before_port == std::string::npos) return url;
  const std::string digits = rest.substr(before_port + 1);
  unsigned port = 0;
  const auto [last, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (failed != std::errc{} || last != digits.data() + digits.size() || port == 0 || port > 65535) {
    refuse(text, "has a port that is none from 1 to 65535");
  }
  url.port = static_cast<std::uint16_t>(port);
  return url;
}

bool is_here(const std::string& host) {
  if (!is_address(host)) return host == "localhost" || host == "localhost.";
  try {
    return net::is_loopback(host);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace startle::program
