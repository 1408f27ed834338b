#include "certs/shown_flaws.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <set>
#include <string_view>

namespace startle::certs {
namespace {

using customer::Owned;
using oracle::Flaw;
using Constraints = Owned<NAME_CONSTRAINTS, NAME_CONSTRAINTS_free>;
using Names = Owned<GENERAL_NAMES, GENERAL_NAMES_free>;
using AuthorityKey = Owned<AUTHORITY_KEYID, AUTHORITY_KEYID_free>;

// How many octets the one element takes that `der` begins with; 0: it is cut off. `minimal`: its
// length has the shortest form (X.690, 10.1).
std::size_t extent_of(const std::string& der, bool& minimal) {
  const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(der[at]); };
  if (der.size() < 2) return 0;
  const std::size_t more = octet(1) < 0x80 ? 0 : octet(1) - 0x80U;
  if (more > 4 || der.size() < 2 + more) return 0;
  std::size_t length = more == 0 ? octet(1) : 0;
  for (std::size_t i = 0; i < more; ++i) length = length * 256 + octet(2 + i);
  minimal = more == 0 || (octet(2) != 0 && length >= 0x80);
  return der.size() < 2 + more + length ? 0 : 2 + more + length;
}

Flaw encoding_flaw(const std::string& der) {
  bool minimal = true;
  const std::size_t extent = extent_of(der, minimal);
  if (extent == 0) return Flaw::unreadable;
  if (extent < der.size()) return Flaw::trailing_bytes;
  return minimal ? Flaw::none : Flaw::not_minimal;
}

bool algorithms_differ(const X509* certificate) {
  const X509_ALGOR* outside = nullptr;
  X509_get0_signature(nullptr, &outside, certificate);
  return X509_ALGOR_cmp(outside, X509_get0_tbs_sigalg(certificate)) != 0;
}

bool has_extension_twice(const X509* certificate) {
  std::set<std::string> seen;
  for (int i = 0; i < X509_get_ext_count(certificate); ++i) {
    const ASN1_OBJECT* name = X509_EXTENSION_get_object(X509_get_ext(certificate, i));
    const auto* data = reinterpret_cast<const char*>(OBJ_get0_data(name));
    if (!seen.emplace(data, OBJ_length(name)).second) return true;
  }
  return false;
}

bool has_unknown_critical_extension(const X509* certificate) {
  for (int i = 0; i < X509_get_ext_count(certificate); ++i) {
    X509_EXTENSION* extension = X509_get_ext(certificate, i);
    if (X509_EXTENSION_get_critical(extension) != 0 && X509_supported_extension(extension) == 0) {
      return true;
    }
  }
  return false;
}

Flaw serial_flaw(const X509* certificate) {
  constexpr int kMostOctets = 20;
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
  if ((ASN1_STRING_type(serial) & V_ASN1_NEG) != 0) return Flaw::negative_serial;
  const unsigned char* data = ASN1_STRING_get0_data(serial);
  const int size = ASN1_STRING_length(serial);
  if (std::all_of(data, data + size, [](unsigned char c) { return c == 0; })) {
    return Flaw::zero_serial;
  }
  // The first bit is the sign's.
  return size + (data[0] >= 0x80 ? 1 : 0) > kMostOctets ? Flaw::long_serial : Flaw::none;
}

bool misuses_time(const ASN1_TIME* time) {
  constexpr int kFirstYear = 2050 - 1900;
  std::tm parts{};
  return ASN1_STRING_type(time) == V_ASN1_GENERALIZEDTIME && ASN1_TIME_to_tm(time, &parts) == 1 &&
         parts.tm_year < kFirstYear;
}

bool has_invalid_text(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  for (int i = 0; i < X509_NAME_entry_count(subject); ++i) {
    const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, i));
    unsigned char* converted = nullptr;
    if (ASN1_STRING_type(text) == V_ASN1_UTF8STRING && ASN1_STRING_to_UTF8(&converted, text) < 0) {
      return true;
    }
    OPENSSL_free(converted);
  }
  return false;
}

Flaw names_flaw(const X509* certificate) {
  int critical = -1;
  const Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nullptr)));
  if (!names) return Flaw::none;
  if (sk_GENERAL_NAME_num(names.get()) == 0) return Flaw::empty_names;
  const bool empty = X509_NAME_entry_count(X509_get_subject_name(certificate)) == 0;
  return empty && critical == 0 ? Flaw::uncritical_names : Flaw::none;
}

bool is_of_another_key(const X509* certificate, X509* issuer) {
  if (issuer == nullptr) return false;
  const AuthorityKey key(static_cast<AUTHORITY_KEYID*>(
      X509_get_ext_d2i(certificate, NID_authority_key_identifier, nullptr, nullptr)));
  return key && X509_check_akid(issuer, key.get()) != X509_V_OK;
}

bool misuses_times(const X509* certificate) {
  return misuses_time(X509_get0_notBefore(certificate)) ||
         misuses_time(X509_get0_notAfter(certificate));
}

bool is_self_issued(const X509* certificate) {
  return names_as_issuer(certificate, certificate);
}

// A curve of RFC 5639.
bool has_brainpool_key(X509* certificate) {
  std::array<char, 80> group{};
  EVP_PKEY* const key = X509_get0_pubkey(certificate);
  return key != nullptr && EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
         std::string_view(group.data()).starts_with("brainpool");
}

// RFC 9325, 4.5; 1024 bits are the least that Java takes.
Flaw key_flaw(X509* certificate, Flaw weak, Flaw very_weak) {
  constexpr int kLeastRsaBits = 2048;
  constexpr int kLeastRsaBitsOfJava = 1024;
  const int bits = rsa_bits_of(certificate);
  if (bits != 0 && bits < kLeastRsaBits) return bits < kLeastRsaBitsOfJava ? very_weak : weak;
  return has_brainpool_key(certificate) ? Flaw::unknown_curve : Flaw::none;
}

// Nobody verifies what an authority has signed for itself.
Flaw digest_flaw(X509* certificate) {
  if (is_self_issued(certificate) && is_signed_by(certificate, certificate)) return Flaw::none;
  const oracle::Digest digest = digest_of(certificate);
  return digest == oracle::Digest::md5    ? Flaw::md5_signature
         : digest == oracle::Digest::sha1 ? Flaw::sha1_signature
                                          : Flaw::none;
}

Flaw strength_flaw(X509* certificate) {
  const Flaw of_key = key_flaw(certificate, Flaw::weak_key, Flaw::very_weak_key);
  return of_key != Flaw::none ? of_key : digest_flaw(certificate);
}

// Of its right to issue, whatever it issued.
Flaw own_flaw(const ReadAuthority& authority) {
  X509* certificate = authority.certificate;
  if (!authority.signed_well) return Flaw::wrong_signature;
  if (algorithms_differ(certificate)) return Flaw::algorithms_differ;
  if (has_extension_twice(certificate)) return Flaw::duplicate_extension;
  if (const Flaw flaw = serial_flaw(certificate); flaw != Flaw::none) return flaw;
  if (misuses_times(certificate)) return Flaw::misused_time;
  constexpr long kVersion3 = 2;
  if (X509_get_version(certificate) != kVersion3) return Flaw::version_1;
  const Owned<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free> basic(static_cast<BASIC_CONSTRAINTS*>(
      X509_get_ext_d2i(certificate, NID_basic_constraints, nullptr, nullptr)));
  if (!basic) return Flaw::no_basic_constraints;
  if (basic->ca == 0) return Flaw::not_ca;
  const std::uint32_t usage = X509_get_key_usage(certificate);  // all bits: there is none
  if ((usage & KU_KEY_CERT_SIGN) == 0) return Flaw::no_cert_sign;
  if (has_unknown_critical_extension(certificate)) return Flaw::unknown_critical_extension;
  if (server_purpose_of(certificate) != oracle::ServerPurpose::missing) {
    return strength_flaw(certificate);
  }
  const int at = X509_get_ext_by_NID(certificate, NID_ext_key_usage, -1);
  return X509_EXTENSION_get_critical(X509_get_ext(certificate, at)) != 0
             ? Flaw::other_purpose_critical
             : Flaw::other_purpose;
}

bool exceeds_path_length(std::span<const ReadAuthority> path) {
  long below = 0;
  for (const ReadAuthority& one : path) {
    const long limit = X509_get_pathlen(one.certificate);
    if (limit >= 0 && below > limit) return true;
    if (!is_self_issued(one.certificate)) ++below;  // RFC 5280, 4.2.1.9
  }
  return false;
}

bool permits_from_a_dot(const NAME_CONSTRAINTS* constraints) {
  for (int i = 0; i < sk_GENERAL_SUBTREE_num(constraints->permittedSubtrees); ++i) {
    const GENERAL_NAME* base = sk_GENERAL_SUBTREE_value(constraints->permittedSubtrees, i)->base;
    if (base->type == GEN_DNS && ASN1_STRING_length(base->d.dNSName) > 0 &&
        ASN1_STRING_get0_data(base->d.dNSName)[0] == '.') {
      return true;
    }
  }
  return false;
}

Flaw constraint_flaw(const X509* authority, X509* end_entity) {
  const Constraints constraints(static_cast<NAME_CONSTRAINTS*>(
      X509_get_ext_d2i(authority, NID_name_constraints, nullptr, nullptr)));
  if (!constraints) return Flaw::none;
  if (NAME_CONSTRAINTS_check(end_entity, constraints.get()) != X509_V_OK) {
    return Flaw::name_constraint_violated;
  }
  if (permits_from_a_dot(constraints.get())) return Flaw::leading_dot_constraint;
  const bool named = presented_by(end_entity).has_san();
  return !named && NAME_CONSTRAINTS_check_CN(end_entity, constraints.get()) != X509_V_OK
             ? Flaw::common_name_outside
             : Flaw::none;
}

}  // namespace

Flaw read_end_entity_flaw(const std::string& der, X509* issuer) {
  const customer::OpensslErrors errors;
  const X509Handle certificate = read_x509(der);
  if (!certificate) return Flaw::unreadable;
  if (const Flaw flaw = encoding_flaw(der); flaw != Flaw::none) return flaw;
  if (algorithms_differ(certificate.get())) return Flaw::algorithms_differ;
  if (has_extension_twice(certificate.get())) return Flaw::duplicate_extension;
  const Flaw names = names_flaw(certificate.get());
  if (names == Flaw::empty_names) return names;
  if (is_of_another_key(certificate.get(), issuer)) return Flaw::wrong_authority_key;
  if (const Flaw flaw = serial_flaw(certificate.get()); flaw != Flaw::none) return flaw;
  if (misuses_times(certificate.get())) return Flaw::misused_time;
  if (has_invalid_text(certificate.get())) return Flaw::invalid_text;
  if (names != Flaw::none) return names;
  if (has_unknown_critical_extension(certificate.get())) return Flaw::unknown_critical_extension;
  const std::uint32_t usage = X509_get_key_usage(certificate.get());  // all bits: there is none
  return (usage & KU_DIGITAL_SIGNATURE) == 0 ? Flaw::signing_not_allowed : Flaw::none;
}

Flaw read_authorities_flaw(std::span<const ReadAuthority> path, X509* end_entity) {
  const customer::OpensslErrors errors;
  for (const ReadAuthority& one : path) {
    if (const Flaw own = own_flaw(one); own != Flaw::none) return own;
  }
  if (exceeds_path_length(path)) return Flaw::path_length_exceeded;
  for (const ReadAuthority& one : path) {
    if (const Flaw flaw = constraint_flaw(one.certificate, end_entity); flaw != Flaw::none) {
      return flaw;
    }
  }
  return Flaw::none;
}

Flaw read_anchor_flaw(X509* anchor, std::span<const ReadAuthority> path) {
  const customer::OpensslErrors errors;
  const Flaw of_key = key_flaw(anchor, Flaw::weak_anchor_key, Flaw::very_weak_anchor_key);
  if (of_key != Flaw::none) return of_key;
  const auto below = std::ranges::count_if(
      path, [](const ReadAuthority& one) { return !is_self_issued(one.certificate); });
  const long limit = X509_get_pathlen(anchor);
  return limit >= 0 && below > limit ? Flaw::anchor_path_length_exceeded : Flaw::none;
}

}  // namespace startle::certs
