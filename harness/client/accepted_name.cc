#include "harness/client/accepted_name.h"

#include <algorithm>
#include <string_view>

#include "harness/base/text.h"

namespace startle::client {
namespace {

using tls::PeerChain;

// RFC 9525: DNS-IDs and IP-IDs only.
bool rfc9525_matches(const PeerChain& chain, const Trust& trust) {
  return std::any_of(trust.names.begin(), trust.names.end(),
                     [&](const auto& name) { return chain.presents_dns(name); }) ||
         std::any_of(trust.addresses.begin(), trust.addresses.end(),
                     [&](const auto& address) { return chain.presents_ip(address); });
}

// JSSE's matchLeftmostWildcard: a `*` in the first label, anything equal behind it. It compares
// U-labels, in which a part of an A-label does not stand.
bool java_matches(std::string_view name, std::string_view presented) {
  const std::size_t star = presented.find('*');
  if (star == std::string_view::npos) return equal_ignoring_case(name, presented);
  const std::size_t dot = presented.find('.');
  const std::size_t name_dot = name.find('.');
  if (dot == std::string_view::npos || name_dot == std::string_view::npos || star > dot)
    return false;
  if (!equal_ignoring_case(name.substr(name_dot), presented.substr(dot))) return false;
  const std::string_view before = presented.substr(0, star);
  const std::string_view after = presented.substr(star + 1, dot - star - 1);
  const std::string_view label = name.substr(0, name_dot);
  constexpr std::string_view kALabel = "xn--";
  if (equal_ignoring_case(label.substr(0, kALabel.size()), kALabel)) {
    return before.empty() && after.empty();
  }
  return label.size() >= before.size() + after.size() &&
         equal_ignoring_case(label.substr(0, before.size()), before) &&
         equal_ignoring_case(label.substr(label.size() - after.size()), after);
}

// JSSE's endpoint identification: the common name counts where there is no dNSName.
bool java_name_matches(const PeerChain& chain, const Trust& trust) {
  for (const std::string& address : trust.addresses) {
    if (chain.presents_ip(address)) return true;
  }
  for (const std::string& name : trust.names) {
    if (chain.dns_names().empty()) {
      if (java_matches(name, chain.common_name())) return true;
      continue;
    }
    for (const std::string& presented : chain.dns_names()) {
      if (java_matches(name, presented)) return true;
    }
  }
  return false;
}

// JavaMail's own matcher, which knows no addresses: `*.` in front stands for one label or more.
bool javamail_matches(std::string_view host, std::string_view presented) {
  if (!presented.starts_with("*.")) return equal_ignoring_case(host, presented);
  const std::string_view domain = presented.substr(2);
  if (domain.empty() || host.size() <= domain.size()) return false;
  const std::size_t at = host.size() - domain.size();
  return host[at - 1] == '.' && equal_ignoring_case(host.substr(at), domain);
}

bool javamail_name_matches(const PeerChain& chain, const Trust& trust) {
  const std::string& host = trust.names.front();
  const auto matches = [&](const std::string& name) { return javamail_matches(host, name); };
  const std::vector<std::string>& names = chain.dns_names();
  if (names.empty()) return matches(chain.common_name());
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const bool text = std::none_of(name.begin(), name.end(),
                                   [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    return text && matches(name);  // Java makes a replacement character of anything else
  });
}

}  // namespace

bool presents_accepted_name(const PeerChain& chain, const Trust& trust) {
  switch (trust.matcher) {
    case NameMatcher::rfc9525:
      break;
    case NameMatcher::jsse:
      return java_name_matches(chain, trust);
    case NameMatcher::javamail:
      return javamail_name_matches(chain, trust);
  }
  return rfc9525_matches(chain, trust);
}

}  // namespace startle::client
