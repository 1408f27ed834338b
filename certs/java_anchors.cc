#include "certs/java_anchors.h"

#include <algorithm>
#include <array>

#include "certs/shown_flaws.h"
#include "certs/x509.h"

namespace startle::certs {
namespace {

using customer::Owned;
using oracle::Flaw;
using AuthorityKey = Owned<AUTHORITY_KEYID, AUTHORITY_KEYID_free>;

// The key identifier that it names of its issuer; null: none.
AuthorityKey authority_key(X509* certificate) {
  return AuthorityKey(static_cast<AUTHORITY_KEYID*>(
      X509_get_ext_d2i(certificate, NID_authority_key_identifier, nullptr, nullptr)));
}

enum class Named { no, with_its_key, with_another_key };
Named names(X509* certificate, X509* anchor) {
  if (!names_as_issuer(certificate, anchor)) return Named::no;
  const AuthorityKey wanted = authority_key(certificate);
  const ASN1_OCTET_STRING* own = X509_get0_subject_key_id(anchor);
  if (!wanted || wanted->keyid == nullptr || own == nullptr) return Named::with_its_key;
  return ASN1_OCTET_STRING_cmp(wanted->keyid, own) == 0 ? Named::with_its_key
                                                        : Named::with_another_key;
}

}  // namespace

Flaw anchor_flaw(const std::string& der) {
  constexpr long kVersion3 = 2;
  const X509Handle certificate = read_x509(der);
  if (!certificate || X509_get_version(certificate.get()) != kVersion3) return Flaw::none;
  const Owned<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free> basic(static_cast<BASIC_CONSTRAINTS*>(
      X509_get_ext_d2i(certificate.get(), NID_basic_constraints, nullptr, nullptr)));
  if (!basic || basic->ca == 0) return Flaw::not_ca;
  const std::uint32_t usage = X509_get_key_usage(certificate.get());  // all bits: there is none
  return (usage & KU_KEY_CERT_SIGN) == 0 ? Flaw::no_cert_sign : Flaw::none;
}

std::vector<std::string> issuing_anchors(std::vector<std::string> held_der,
                                         const std::string& end_entity_der) {
  const customer::OpensslErrors errors;
  std::erase_if(held_der, [&](const std::string& der) {
    return der != end_entity_der && anchor_flaw(der) != Flaw::none;
  });
  return held_der;
}

std::vector<std::string> found_anchors(std::vector<std::string> held_der,
                                       const std::vector<std::string>& sent_der) {
  const customer::OpensslErrors errors;
  std::vector<X509Handle> sent;
  for (const std::string& der : sent_der) {
    if (X509Handle one = read_x509(der)) sent.push_back(std::move(one));
  }
  std::erase_if(held_der, [&](const std::string& der) {
    const X509Handle anchor = read_x509(der);
    if (!anchor) return false;
    const auto any = [&](Named how) {
      return std::any_of(sent.begin(), sent.end(), [&](const X509Handle& one) {
        return names(one.get(), anchor.get()) == how;
      });
    };
    return any(Named::with_another_key) && !any(Named::with_its_key);
  });
  return held_der;
}

Flaw unread_authority(const std::vector<std::string>& sent_der) {
  const customer::OpensslErrors errors;
  for (std::size_t i = 1; i < sent_der.size(); ++i) {
    const X509Handle certificate = read_x509(sent_der[i]);
    if (!certificate) continue;
    const std::array alone{ReadAuthority{.certificate = certificate.get()}};
    const Flaw flaw = read_authorities_flaw(alone, certificate.get());
    if (flaw == Flaw::algorithms_differ || flaw == Flaw::duplicate_extension) return flaw;
  }
  return Flaw::none;
}

}  // namespace startle::certs
