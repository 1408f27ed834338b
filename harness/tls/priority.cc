#include "harness/tls/priority.h"

#include <string>

namespace startle::tls {
namespace {

constexpr const char* kBoth =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:"
    "-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+GROUP-SECP521R1:+GROUP-FFDHE2048";
constexpr const char* kAny = ":%VERIFY_ALLOW_BROKEN:%PROFILE_VERY_WEAK";
// A client's: RFC 9155, 3 and 4.
constexpr const char* kNoSha1 = ":-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1:-SIGN-DSA-SHA1";

std::string medium() {
  return std::string(kBoth) + kNoSha1 + ":%PROFILE_MEDIUM";
}

}  // namespace

PriorityHandle parse_priority(const std::string& text) {
  gnutls_priority_t raw = nullptr;
  check(gnutls_priority_init(&raw, text.c_str(), nullptr), "gnutls_priority_init");
  return PriorityHandle(raw);
}

gnutls_priority_t cached_priority(Strength strength) {
  static const PriorityHandle at_least_medium = parse_priority(medium());
  static const PriorityHandle any = parse_priority(std::string(kBoth) + kNoSha1 + kAny);
  return strength == Strength::medium ? at_least_medium.get() : any.get();
}

gnutls_priority_t cached_priority(Offer offer) {
  constexpr const char* kSha1 = ":+SIGN-RSA-SHA1:+SIGN-ECDSA-SHA1:%VERIFY_ALLOW_SIGN_WITH_SHA1";
  const auto beside = [](const std::string& more) { return parse_priority(medium() + more); };
  static const PriorityHandle old = beside(std::string(kSha1) + ":+VERS-TLS1.1:+VERS-TLS1.0");
  static const PriorityHandle null_cipher = beside(":+NULL");
  static const PriorityHandle rc4 = beside(":+ARCFOUR-128:%PROFILE_VERY_WEAK");
  static const PriorityHandle sha_1 = beside(kSha1);
  static const PriorityHandle anonymous = beside(":+ANON-ECDH");
  static const PriorityHandle weak_dh = beside("");
  switch (offer) {
    case Offer::nothing:
      break;
    case Offer::old_versions:
      return old.get();
    case Offer::null_cipher:
      return null_cipher.get();
    case Offer::rc4:
      return rc4.get();
    case Offer::sha_1:
      return sha_1.get();
    case Offer::anonymous:
      return anonymous.get();
    case Offer::weak_dh:
      return weak_dh.get();
  }
  return cached_priority(Strength::medium);
}

std::string server_priority_text(Versions versions) {
  const std::string all = std::string(kBoth) + kAny;
  switch (versions) {
    case Versions::all:
      break;
    case Versions::tls_1_2:
      return all + ":-VERS-TLS1.3";
    case Versions::tls_1_2_without_ems:
      return all + ":-VERS-TLS1.3:%NO_SESSION_HASH";
    case Versions::tls_1_1:
      return all + ":-VERS-ALL:+VERS-TLS1.1";
    case Versions::tls_1_0:
      return all + ":-VERS-ALL:+VERS-TLS1.0";
  }
  return all;
}

gnutls_priority_t server_priority(Versions versions) {
  static const auto made = [] {
    std::array<PriorityHandle, kVersions.size()> each{};
    for (std::size_t i = 0; i < each.size(); ++i) {
      each[i] = parse_priority(server_priority_text(static_cast<Versions>(i)));
    }
    return each;
  }();
  return made.at(static_cast<std::size_t>(versions)).get();
}

}  // namespace startle::tls
