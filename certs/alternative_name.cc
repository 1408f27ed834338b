#include "certs/alternative_name.h"

#include <arpa/inet.h>

#include <array>
#include <charconv>

#include "certs/der.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

// GeneralName's choices are context-specific (RFC 5280, 4.2.1.6).
unsigned char tag_of(NameKind kind) {
  switch (kind) {
    case NameKind::srv:
    case NameKind::other:
      return 0xa0;  // otherName
    case NameKind::email:
      return 0x81;
    case NameKind::dns:
      return 0x82;
    case NameKind::uri:
      return 0x86;
    case NameKind::ip:
      return 0x87;
  }
  throw Error(Fault::internal, "a NameKind without a tag");
}

constexpr std::string_view kOnDnsSrv = "1.3.6.1.5.5.7.8.7";  // id-on-dnsSRV (RFC 4985, 2)

PresentedName present(const AlternativeName& name, std::string_view host, std::size_t number) {
  const std::string text = fill_in(name.value, host, number);
  const auto octets = ip_octets(text);
  if (name.kind == NameKind::ip) {
    if (!octets) throw Error(Fault::input, "`" + text + "` is no IP address");
    return {.kind = NameKind::ip, .bytes = *octets};
  }
  if (name.kind == NameKind::dns && name.value == "{host}" && octets) {
    return {.kind = NameKind::ip, .bytes = *octets};
  }
  return {.kind = name.kind, .bytes = text, .oid = name.oid, .form = name.form};
}

// OtherName ::= SEQUENCE { type-id, value [0] EXPLICIT }; the sequence's tag is the choice's.
std::string other_name(std::string_view oid, unsigned char tag, std::string_view value) {
  return der::object_identifier(oid) + der::element(0xa0, der::element(tag, value));
}

}  // namespace

std::vector<PresentedName> present(const std::vector<AlternativeName>& names,
                                   std::string_view host) {
  std::vector<PresentedName> presented;
  for (const AlternativeName& name : names) {
    for (std::size_t number = 1; number <= name.count; ++number) {
      presented.push_back(present(name, host, number));
    }
  }
  return presented;
}

std::string general_name(const PresentedName& name) {
  const unsigned char tag = tag_of(name.kind);
  if (name.kind == NameKind::srv) {
    return der::element(tag, other_name(kOnDnsSrv, der::kIa5String, name.bytes));
  }
  if (name.kind != NameKind::other) return der::element(tag, name.bytes);
  const bool utf8 = name.form == OtherNameForm::utf8_string;
  return der::element(
      tag, other_name(name.oid, utf8 ? der::kUtf8String : der::kOctetString, name.bytes));
}

std::string subject_alt_name(const std::vector<PresentedName>& names) {
  std::string entries;
  for (const PresentedName& name : names) entries += general_name(name);
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

std::optional<std::string> ip_range_octets(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = ip_octets(text.substr(0, slash));
  const std::string_view digits = text.substr(slash + 1);
  std::size_t bits = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (!address || error != std::errc() || stop != digits.data() + digits.size() ||
      bits > address->size() * 8) {
    return std::nullopt;
  }
  std::string mask(address->size(), '\0');
  for (std::size_t bit = 0; bit < bits; ++bit) {
    mask[bit / 8] = static_cast<char>(static_cast<unsigned char>(mask[bit / 8]) | 0x80U >> bit % 8);
  }
  return *address + mask;
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
