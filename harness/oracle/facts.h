#pragma once
// What a certificate recipe declares about the chain a server shows, as the oracle needs it. Facts
// are stated by whoever made the chain, never read from a certificate.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"

namespace startle::oracle {

// At the run's clock.
enum class Validity {
  current,
  expired,
  not_yet_valid,
  never,  // ends before it begins, and no moment of it is now
};
inline constexpr auto kValidities = word_table<Validity>({
    {Validity::current, "current"},
    {Validity::expired, "expired"},
    {Validity::not_yet_valid, "not-yet-valid"},
    {Validity::never, "never"},
});
constexpr Words words_of(Validity) {
  return kValidities;
}

// How the path from the end entity ends for a client that holds the trust anchors and what the
// server sent.
enum class Path {
  anchored,        // reaches a trust anchor
  self_signed,     // the end entity signed itself and is no trust anchor
  unknown_anchor,  // ends in a root the client does not hold
  issuer_missing,  // a certificate between the end entity and the root was not sent
  impostor,        // so, and what was sent under the issuer's name has another key
  namesake,        // a trust anchor has the name of an issuer on the path, and another key
};
inline constexpr auto kPaths = word_table<Path>({
    {Path::anchored, "anchored"},
    {Path::self_signed, "self-signed"},
    {Path::unknown_anchor, "unknown-anchor"},
    {Path::issuer_missing, "issuer-missing"},
    {Path::impostor, "impostor"},
    {Path::namesake, "namesake"},
});
constexpr Words words_of(Path) {
  return kPaths;
}

// What one certificate breaks of RFC 5280 besides names, dates, purpose and strength. What follows
// from each for a client is a row of README.md, "Flaw".
enum class Flaw {
  none,
  // of its encoding
  unreadable,           // the DER ends too early
  trailing_bytes,       // something stands behind the certificate
  not_minimal,          // a length that is not the shortest: BER, not DER
  algorithms_differ,    // inside and outside the signature (4.1.1.2)
  duplicate_extension,  // 4.2
  invalid_text,         // a UTF8String that is none
  misused_time,         // GeneralizedTime before 2050 (4.1.2.5)
  negative_serial,      // 4.1.2.2
  zero_serial,
  long_serial,                 // more than 20 octets
  uncritical_names,            // empty subject, subjectAltName not critical (4.2.1.6)
  empty_names,                 // a subjectAltName without an entry (4.2.1.6)
  unknown_critical_extension,  // 4.2
  wrong_authority_key,         // the authority key identifier is not its issuer's (4.2.1.1)
  signing_not_allowed,         // a key usage without digitalSignature (4.2.1.3)
  // of an intermediate's right to issue
  wrong_signature,           // an intermediate's own
  not_ca,                    // basicConstraints without cA (4.2.1.9)
  no_basic_constraints,      // version 3, and no basicConstraints
  version_1,                 // 6.1.4 (k)
  no_cert_sign,              // 4.2.1.3
  path_length_exceeded,      // 4.2.1.9
  name_constraint_violated,  // 4.2.1.10
  leading_dot_constraint,    // a permitted dNSName `.example.test`: not defined (4.2.1.10)
  common_name_outside,       // no subjectAltName, and a common name outside the constraint
  other_purpose,             // an extended key usage without TLS servers
  other_purpose_critical,
  // of an authority's strength: the links above the end entity
  weak_key,        // RSA of 1024 to 2047 bits
  very_weak_key,   // RSA below 1024 bits
  sha1_signature,  // on an intermediate
  md5_signature,
  unknown_curve,  // a key on a curve that TLS libraries may lack (RFC 5639)
  // of the trust anchor: its own signature counts for nothing
  weak_anchor_key,
  very_weak_anchor_key,
  anchor_path_length_exceeded,  // 6.1 does not process it
};
inline constexpr auto kFlaws = word_table<Flaw>({
    {Flaw::none, "none"},
    {Flaw::unreadable, "unreadable"},
    {Flaw::trailing_bytes, "trailing-bytes"},
    {Flaw::not_minimal, "not-minimal"},
    {Flaw::algorithms_differ, "algorithms-differ"},
    {Flaw::duplicate_extension, "duplicate-extension"},
    {Flaw::invalid_text, "invalid-text"},
    {Flaw::misused_time, "misused-time"},
    {Flaw::negative_serial, "negative-serial"},
    {Flaw::zero_serial, "zero-serial"},
    {Flaw::long_serial, "long-serial"},
    {Flaw::uncritical_names, "uncritical-names"},
    {Flaw::empty_names, "empty-names"},
    {Flaw::unknown_critical_extension, "unknown-critical-extension"},
    {Flaw::wrong_authority_key, "wrong-authority-key"},
    {Flaw::signing_not_allowed, "signing-not-allowed"},
    {Flaw::wrong_signature, "wrong-signature"},
    {Flaw::not_ca, "not-ca"},
    {Flaw::no_basic_constraints, "no-basic-constraints"},
    {Flaw::version_1, "version-1"},
    {Flaw::no_cert_sign, "no-cert-sign"},
    {Flaw::path_length_exceeded, "path-length-exceeded"},
    {Flaw::name_constraint_violated, "name-constraint-violated"},
    {Flaw::leading_dot_constraint, "leading-dot-constraint"},
    {Flaw::common_name_outside, "common-name-outside"},
    {Flaw::other_purpose, "other-purpose"},
    {Flaw::other_purpose_critical, "other-purpose-critical"},
    {Flaw::weak_key, "weak-key"},
    {Flaw::very_weak_key, "very-weak-key"},
    {Flaw::sha1_signature, "sha1-signature"},
    {Flaw::md5_signature, "md5-signature"},
    {Flaw::unknown_curve, "unknown-curve"},
    {Flaw::weak_anchor_key, "weak-anchor-key"},
    {Flaw::very_weak_anchor_key, "very-weak-anchor-key"},
    {Flaw::anchor_path_length_exceeded, "anchor-path-length-exceeded"},
});
constexpr Words words_of(Flaw) {
  return kFlaws;
}

enum class Digest { md5, sha1, sha224, sha256, sha384, sha512 };
inline constexpr auto kDigests = word_table<Digest>({
    {Digest::md5, "md5"},
    {Digest::sha1, "sha1"},
    {Digest::sha224, "sha224"},
    {Digest::sha256, "sha256"},
    {Digest::sha384, "sha384"},
    {Digest::sha512, "sha512"},
});
constexpr Words words_of(Digest) {
  return kDigests;
}

// What the extended key usage says of TLS server authentication (4.2.1.12).
enum class ServerPurpose {
  allowed,   // named, or there is no extended key usage
  any_only,  // anyExtendedKeyUsage alone
  missing,   // other purposes alone
};
inline constexpr auto kServerPurposes = word_table<ServerPurpose>({
    {ServerPurpose::allowed, "allowed"},
    {ServerPurpose::any_only, "any-only"},
    {ServerPurpose::missing, "missing"},
});
constexpr Words words_of(ServerPurpose) {
  return kServerPurposes;
}

// What the client's certificate revocation list says of the end entity (RFC 5280, 6.3).
enum class Revocation { none, revoked, list_expired, list_of_stranger };
inline constexpr auto kRevocations = word_table<Revocation>({
    {Revocation::none, "none"},
    {Revocation::revoked, "revoked"},
    {Revocation::list_expired, "list-expired"},
    {Revocation::list_of_stranger, "list-of-stranger"},
});
constexpr Words words_of(Revocation) {
  return kRevocations;
}

// The OCSP response stapled to the handshake (RFC 6066, 8).
enum class Staple { none, good, revoked, expired, of_another, of_stranger };
inline constexpr auto kStaples = word_table<Staple>({
    {Staple::none, "none"},
    {Staple::good, "good"},
    {Staple::revoked, "revoked"},
    {Staple::expired, "expired"},
    {Staple::of_another, "of-another"},
    {Staple::of_stranger, "of-stranger"},
});
constexpr Words words_of(Staple) {
  return kStaples;
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
  Validity anchor = Validity::current;         // the root's, where there is one
  Path path = Path::anchored;
  Flaw end_entity_flaw = Flaw::none;
  Flaw authority_flaw = Flaw::none;  // of the intermediates, or else of the anchor
  bool signature_valid = true;       // of the end entity, under the key its issuer field names
  bool signature_checkable = true;   // the issuer was sent, or is the end entity itself
  ServerPurpose server_purpose = ServerPurpose::allowed;
  int rsa_bits = 0;                // size of the end entity's RSA key; 0: not RSA
  bool dsa_key = false;            // the end entity's key is DSA
  bool dsa_signature = false;      // the end entity is signed with DSA
  Digest digest = Digest::sha256;  // of the end entity's signature
  std::size_t certificates = 2;    // how many are sent
  bool oversized = false;          // they are longer than 32 KiB
  Revocation revocation = Revocation::none;
  bool must_staple = false;  // RFC 7633
  Staple staple = Staple::none;
};

}  // namespace startle::oracle
