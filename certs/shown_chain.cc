#include "certs/shown_chain.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "certs/shown_path.h"
#include "harness/base/bytes.h"
#include "harness/base/date.h"
#include "harness/base/printable.h"
#include "harness/base/text.h"
#include "harness/customer/store/certificate_text.h"

namespace startle::certs {
namespace {

using oracle::Validity;

std::vector<X509Handle> read_all(const std::vector<std::string>& ders) {
  std::vector<X509Handle> all;
  for (const std::string& der : ders) {
    if (X509Handle one = read_x509(der)) all.push_back(std::move(one));
  }
  return all;
}

Validity worst_of(const std::vector<ReadAuthority>& authorities) {
  constexpr std::array kFromBest{Validity::current, Validity::not_yet_valid, Validity::expired,
                                 Validity::never};
  const auto rank = [&](Validity one) {
    return std::find(kFromBest.begin(), kFromBest.end(), one) - kFromBest.begin();
  };
  Validity worst = Validity::current;
  for (const ReadAuthority& one : authorities) {
    const Validity now = validity_of(one.certificate);
    if (rank(now) > rank(worst)) worst = now;
  }
  return worst;
}

// The message of TLS 1.3 that they are sent in: a length before each, extensions behind it, and
// a length and a context around them all (RFC 8446, 4.4.2).
bool is_oversized(const std::vector<std::string>& sent_der) {
  constexpr std::size_t kLimit = 32 * 1024;
  std::size_t octets = 4;
  for (const std::string& der : sent_der) octets += der.size() + 5;
  return octets > kLimit;
}

// "2026-10-30T12:20:48Z"
std::string moment_text(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "a time that cannot be read";
  return time_text(std::chrono::sys_seconds(std::chrono::seconds(::timegm(&parts))));
}

std::string validity_text(const X509* certificate) {
  const Validity now = validity_of(certificate);
  return moment_text(X509_get0_notBefore(certificate)) + " .. " +
         moment_text(X509_get0_notAfter(certificate)) +
         (now == Validity::current         ? ""
          : now == Validity::expired       ? ": it has expired"
          : now == Validity::not_yet_valid ? ": it is not valid yet"
                                           : ": it ends before it begins");
}

std::string names_text(X509* certificate) {
  constexpr std::size_t kMost = 6;
  constexpr std::size_t kLongest = 80;
  const oracle::PresentedIdentity names = presented_by(certificate);
  std::vector<std::string> each;
  for (const std::string& name : names.dns_names) {
    each.push_back("DNS " + printable(name.substr(0, kLongest)) +
                   (name.size() > kLongest ? ".." : ""));
  }
  for (const std::string& address : names.ip_addresses) each.push_back("IP " + address);
  if (names.other_names) each.emplace_back("others that name no host");
  if (each.empty()) return "none: it has no subjectAltName with an entry";
  std::string text;
  for (std::size_t i = 0; i < std::min(each.size(), kMost); ++i) {
    text += (i == 0 ? "" : ", ") + each[i];
  }
  return text +
         (each.size() > kMost ? " and " + std::to_string(each.size() - kMost) + " more" : "");
}

std::string key_text(X509* certificate) {
  EVP_PKEY* const key = X509_get0_pubkey(certificate);
  if (key == nullptr) return "of a kind that cannot be read";
  std::array<char, 80> group{};
  const bool named = EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1;
  const char* kind = EVP_PKEY_get0_type_name(key);
  return std::string(kind == nullptr ? "a key" : kind) + ", " +
         std::to_string(EVP_PKEY_get_bits(key)) + " bits" +
         (named ? " (" + std::string(group.data()) + ")" : "");
}

std::string signature_text(const X509* certificate) {
  return OBJ_nid2ln(X509_get_signature_nid(certificate));
}

bool has_same_key(X509* a, X509* b) {
  EVP_PKEY* const of_a = X509_get0_pubkey(a);
  EVP_PKEY* const of_b = X509_get0_pubkey(b);
  return of_a != nullptr && of_b != nullptr && EVP_PKEY_eq(of_a, of_b) == 1;
}

// As keytool and Java write what they have read: the length of the whole in as few octets as DER
// demands.
std::string written_anew(const std::string& der) {
  const X509Handle certificate = read_x509(der);
  if (!certificate) return der;
  std::string written(der.size() + 8, '\0');
  auto* at = reinterpret_cast<unsigned char*>(written.data());
  const int size = i2d_X509(certificate.get(), nullptr);
  if (size <= 0 || static_cast<std::size_t>(size) > written.size()) return der;
  written.resize(static_cast<std::size_t>(i2d_X509(certificate.get(), &at)));
  return written;
}

}  // namespace

oracle::Facts read_facts(const std::vector<std::string>& sent_der,
                         const std::vector<std::string>& anchors_der) {
  const customer::OpensslErrors errors;
  oracle::Facts facts{.certificates = sent_der.size(), .oversized = is_oversized(sent_der)};
  const std::vector<X509Handle> sent = read_all(sent_der);
  if (sent.empty() || !read_x509(sent_der.front())) {
    facts.end_entity_flaw = oracle::Flaw::unreadable;
    facts.path = oracle::Path::unknown_anchor;
    facts.signature_checkable = false;
    return facts;
  }
  X509* const end_entity = sent.front().get();
  const std::vector<X509Handle> anchors = read_all(anchors_der);
  const ShownPath path = find_shown_path(sent, anchors);
  facts.presented = presented_by(end_entity);
  facts.end_entity = validity_of(end_entity);
  facts.intermediates = worst_of(path.authorities);
  facts.anchor = path.anchor == nullptr ? Validity::current : validity_of(path.anchor);
  facts.path = path.end;
  facts.end_entity_flaw = read_end_entity_flaw(sent_der.front(), path.issuer);
  facts.authority_flaw = read_authorities_flaw(path.authorities, end_entity);
  if (facts.authority_flaw == oracle::Flaw::none && path.anchor != nullptr) {
    facts.authority_flaw = read_anchor_flaw(path.anchor, path.authorities);
  }
  if (sent.size() < sent_der.size() && path.end != oracle::Path::anchored) {
    facts.authority_flaw = oracle::Flaw::unreadable;
  }
  facts.signature_valid = path.signature_valid;
  facts.signature_checkable = path.signature_checkable;
  facts.server_purpose = server_purpose_of(end_entity);
  facts.rsa_bits = rsa_bits_of(end_entity);
  facts.dsa_key = has_dsa_key(end_entity);
  facts.dsa_signature = has_dsa_signature(end_entity);
  facts.digest = digest_of(end_entity);
  return facts;
}

StoreMatch match_store(const std::vector<std::string>& sent_der,
                       const std::vector<std::string>& held_der) {
  StoreMatch match;
  const auto is_held = [&](const std::string& der) {
    return std::find(held_der.begin(), held_der.end(), der) != held_der.end();
  };
  match.holds =
      !sent_der.empty() && (is_held(sent_der.front()) || is_held(written_anew(sent_der.front())));
  match.holds_key = match.holds;
  const std::vector<X509Handle> held = read_all(held_der);
  for (const std::string& der : sent_der) {
    const X509Handle shown = read_x509(der);
    if (!shown) continue;
    bool issued = false;
    bool namesake = false;
    for (const X509Handle& one : held) {
      if (&der == &sent_der.front() &&
          X509_NAME_cmp(X509_get_subject_name(one.get()), X509_get_subject_name(shown.get())) ==
              0 &&
          has_same_key(one.get(), shown.get())) {
        match.holds_key = true;
      }
      if (!names_as_issuer(shown.get(), one.get())) continue;
      (is_signed_by(shown.get(), one.get()) ? issued : namesake) = true;
    }
    if (issued) match.has_issued = true;
    // Nobody looks above one that has signed itself.
    const bool signed_itself =
        names_as_issuer(shown.get(), shown.get()) && is_signed_by(shown.get(), shown.get());
    if (namesake && !issued && !signed_itself) match.has_namesake = true;
  }
  return match;
}

std::vector<std::pair<std::string, std::string>> described(const std::string& der) {
  const customer::OpensslErrors errors;
  const X509Handle certificate = read_x509(der);
  if (!certificate) return {{"fingerprint", customer::fingerprint_text(der)}};
  return {{"subject", name_text(X509_get_subject_name(certificate.get()))},
          {"names", names_text(certificate.get())},
          {"valid", validity_text(certificate.get())},
          {"issuer", name_text(X509_get_issuer_name(certificate.get()))},
          {"key", key_text(certificate.get())},
          {"signature", signature_text(certificate.get())},
          {"fingerprint", customer::fingerprint_text(der)}};
}

std::string subject_text(const std::string& der) {
  const X509Handle certificate = read_x509(der);
  return certificate ? name_text(X509_get_subject_name(certificate.get()))
                     : "a certificate that cannot be read";
}

}  // namespace startle::certs
