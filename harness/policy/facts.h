#pragma once
// What a certificate recipe declares about the chain a server shows, as the oracle needs it. Facts
// are stated by whoever made the chain, never read from a certificate.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"

namespace startle::policy {

// At the run's clock.
enum class Validity { current, expired, not_yet_valid };
inline constexpr std::array<std::string_view, 3> kValidities{"current", "expired", "not-yet-valid"};
inline Words words_of(Validity) {
  return kValidities;
}

// How the path from the end entity ends for a client that holds the trust anchors and what the
// server sent.
enum class Path {
  anchored,        // reaches a trust anchor
  self_signed,     // the end entity signed itself and is no trust anchor
  unknown_anchor,  // ends in a root the client does not hold
  issuer_missing,  // the end entity's issuer was not sent
};
inline constexpr std::array<std::string_view, 4> kPaths{"anchored", "self-signed", "unknown-anchor",
                                                        "issuer-missing"};
inline Words words_of(Path) {
  return kPaths;
}

// A rule of RFC 5280, 6.1 that an intermediate breaks (none: it breaks none).
enum class PathFault { none, issuer_not_ca, path_length_exceeded, name_constraint_violated };
inline constexpr std::array<std::string_view, 4> kPathFaults{
    "none", "issuer-not-ca", "path-length-exceeded", "name-constraint-violated"};
inline Words words_of(PathFault) {
  return kPathFaults;
}

enum class Digest { md5, sha1, sha224, sha256, sha384, sha512 };
inline constexpr std::array<std::string_view, 6> kDigests{"md5",    "sha1",   "sha224",
                                                          "sha256", "sha384", "sha512"};
inline Words words_of(Digest) {
  return kDigests;
}

// Presented identities (RFC 9525, 6.2). Byte strings as they stand in the certificate: a dNSName
// may hold NUL or anything else.
struct PresentedIdentity {
  std::string common_name{};
  std::vector<std::string> dns_names{};     // dNSName entries
  std::vector<std::string> ip_addresses{};  // iPAddress entries, in text form ("127.0.0.1")
  bool other_names = false;                 // any other kind of subjectAltName entry
  bool has_san() const { return !dns_names.empty() || !ip_addresses.empty() || other_names; }
};

struct Facts {
  PresentedIdentity presented{};
  Validity end_entity = Validity::current;
  Validity intermediates = Validity::current;  // the worst of those in the path
  Path path = Path::anchored;
  PathFault path_fault = PathFault::none;
  bool signature_valid = true;      // of the end entity, under the key its issuer field names
  bool signature_checkable = true;  // the issuer was sent, or is the end entity itself
  bool server_purpose = true;       // its extended key usage allows TLS server authentication
  int rsa_bits = 0;                 // size of the end entity's RSA key; 0: not RSA
  Digest digest = Digest::sha256;   // of the end entity's signature
};

}  // namespace startle::policy
