#include "certs/alternative_name.h"

#include <arpa/inet.h>

#include <array>

#include "certs/der.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

// GeneralName's choices are context-specific, primitive (RFC 5280, 4.2.1.6).
constexpr unsigned char kDnsName = 0x82;
constexpr unsigned char kIpAddress = 0x87;

PresentedName present(const AlternativeName& name, std::string_view host) {
  const std::string text = fill_in(name.value, host);
  const auto octets = ip_octets(text);
  if (name.kind == NameKind::ip) {
    if (!octets) throw Error(Fault::input, "`" + text + "` is no IP address");
    return {.kind = NameKind::ip, .bytes = *octets};
  }
  if (name.value == "{host}" && octets) return {.kind = NameKind::ip, .bytes = *octets};
  return {.kind = NameKind::dns, .bytes = text};
}

}  // namespace

std::vector<PresentedName> present(const std::vector<AlternativeName>& names,
                                   std::string_view host) {
  std::vector<PresentedName> presented;
  presented.reserve(names.size());
  for (const AlternativeName& name : names) presented.push_back(present(name, host));
  return presented;
}

std::string subject_alt_name(const std::vector<PresentedName>& names) {
  std::string entries;
  for (const PresentedName& name : names) {
    entries += der::element(name.kind == NameKind::dns ? kDnsName : kIpAddress, name.bytes);
  }
  return der::element(der::kSequence, entries);
}

std::optional<std::string> ip_octets(std::string_view text) {
  const std::string zero_terminated(text);
  if (zero_terminated.find('\0') != std::string::npos) return std::nullopt;
  std::array<char, sizeof(in6_addr)> octets{};
  if (inet_pton(AF_INET, zero_terminated.c_str(), octets.data()) == 1) {
    return std::string(octets.data(), sizeof(in_addr));
  }
  if (inet_pton(AF_INET6, zero_terminated.c_str(), octets.data()) == 1) {
    return std::string(octets.data(), sizeof(in6_addr));
  }
  return std::nullopt;
}

std::string ip_text(std::string_view octets) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = octets.size() == sizeof(in_addr) ? AF_INET : AF_INET6;
  if ((family == AF_INET6 && octets.size() != sizeof(in6_addr)) ||
      inet_ntop(family, octets.data(), text.data(), text.size()) == nullptr) {
    throw Error(Fault::internal, "an IP address has 4 or 16 octets");
  }
  return text.data();
}

}  // namespace startle::certs
