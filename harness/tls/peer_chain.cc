#include "harness/tls/peer_chain.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

#include "harness/tls/clock.h"
#include "harness/tls/issuance.h"

namespace startle::tls {
namespace {

// Other people's bytes, fit to be printed.
std::string printable(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte >= 0x20 && byte < 0x7f ? std::string(1, c) : "\\" + std::to_string(byte);
  }
  return text;
}

// Its key usage is absent, or has this bit (RFC 5280, 4.2.1.3).
bool allows(gnutls_x509_crt_t certificate, unsigned bit) {
  unsigned usage = 0;
  unsigned critical = 0;
  return gnutls_x509_crt_get_key_usage(certificate, &usage, &critical) < 0 || (usage & bit) != 0;
}

}  // namespace

Certificate read_certificate(const gnutls_datum_t& der) {
  auto certificate = make<Certificate>(gnutls_x509_crt_init, "gnutls_x509_crt_init");
  const int rc = gnutls_x509_crt_import(certificate.get(), &der, GNUTLS_X509_FMT_DER);
  return rc < 0 ? nullptr : std::move(certificate);
}

bool may_sign(gnutls_x509_crt_t certificate) {
  return allows(certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
}

PeerChain::PeerChain(std::span<const gnutls_datum_t> der, std::string_view staple, KeyUse use,
                     Certificate end_entity)
    : staple_(staple), use_(use), sent_(der.size()) {
  constexpr std::size_t kHead = 4;      // certificate_request_context, and the list's length
  constexpr std::size_t kEachHead = 5;  // its length, and its extensions'
  message_bytes_ = kHead;
  for (std::size_t i = 0; i < der.size(); ++i) {
    message_bytes_ += kEachHead + der[i].size;
    const bool known = i == 0 && end_entity != nullptr;
    Certificate certificate = known ? std::move(end_entity) : read_certificate(der[i]);
    if (i == 0 && !certificate) return;
    if (certificate) certificates_.push_back(std::move(certificate));
  }
  readable_ = !certificates_.empty();
}

Dates PeerChain::dates(bool beginning_first) const {
  return dates_of(leaf(), beginning_first);
}

std::optional<bool> PeerChain::signature_valid() const {
  bool named = false;
  for (const Certificate& candidate : certificates_) {
    if (!names_as_issuer(leaf(), candidate.get()) || !has_known_key(candidate.get())) continue;
    if (signed_by(leaf(), candidate.get())) return true;
    named = true;
  }
  return named ? std::optional(false) : std::nullopt;
}

bool PeerChain::allows_server_authentication() const {
  return gnutls_x509_crt_check_key_purpose(leaf(), GNUTLS_KP_TLS_WWW_SERVER, 0) != 0;
}

bool PeerChain::allows_client_authentication() const {
  return gnutls_x509_crt_check_key_purpose(leaf(), GNUTLS_KP_TLS_WWW_CLIENT, 0) != 0;
}

bool PeerChain::allows_key_use() const {
  return allows(leaf(), use_ == KeyUse::signature ? GNUTLS_KEY_DIGITAL_SIGNATURE
                                                  : GNUTLS_KEY_KEY_ENCIPHERMENT);
}

bool PeerChain::strong() const {
  unsigned bits = 0;
  const int algorithm = gnutls_x509_crt_get_pk_algorithm(leaf(), &bits);
  if (algorithm < 0) return false;
  const auto pk = static_cast<gnutls_pk_algorithm_t>(algorithm);
  if (gnutls_pk_bits_to_sec_param(pk, bits) < GNUTLS_SEC_PARAM_MEDIUM) return false;
  const auto signature =
      static_cast<gnutls_sign_algorithm_t>(gnutls_x509_crt_get_signature_algorithm(leaf()));
  return gnutls_sign_is_secure2(signature, GNUTLS_SIGN_FLAG_SECURE_FOR_CERTS) != 0;
}

unsigned PeerChain::rsa_bits() const {
  return rsa_bits_of(leaf());
}

bool PeerChain::signed_with_md5() const {
  return digest_of(leaf()) == GNUTLS_DIG_MD5;
}

LinkStrength PeerChain::strength_of_all() const {
  LinkStrength all;
  for (const Certificate& one : certificates_) {
    add_key_of(one.get(), all);
    add_signature_of(one.get(), all);
  }
  return all;
}

bool PeerChain::has_unknown_critical_extension() const {
  return tls::has_unknown_critical_extension(leaf());
}

bool PeerChain::is_named_without_force() const {
  constexpr unsigned kEmptySequence = 2;  // bytes
  gnutls_datum_t subject{};
  if (gnutls_x509_crt_get_raw_dn(leaf(), &subject) < 0) return false;
  gnutls_free(subject.data);
  if (subject.size > kEmptySequence) return false;
  constexpr const char* kSubjectAltName = "2.5.29.17";
  unsigned critical = 0;
  gnutls_datum_t names{};
  if (gnutls_x509_crt_get_extension_by_oid2(leaf(), kSubjectAltName, 0, &names, &critical) < 0) {
    return false;
  }
  gnutls_free(names.data);
  return critical == 0;
}

PathReport PeerChain::path(const TrustStore& anchors, bool beginning_first) const {
  std::vector<gnutls_x509_crt_t> raw;
  for (const Certificate& certificate : certificates_) raw.push_back(certificate.get());
  unsigned status = 0;
  // Strength is judged by strong(), dates by dates_of(): which algorithms are weak differs between
  // trust models, and for a date GnuTLS looks for another path and verifies every signature again.
  constexpr unsigned kFlags = GNUTLS_VERIFY_ALLOW_BROKEN | GNUTLS_VERIFY_DISABLE_TIME_CHECKS;
  const int rc = gnutls_x509_trust_list_verify_crt2(anchors.get(), raw.data(),
                                                    static_cast<unsigned>(raw.size()), nullptr, 0,
                                                    kFlags, &status, nullptr);
  const bool sound =
      std::all_of(certificates_.begin() + 1, certificates_.end(), [](const Certificate& authority) {
        LinkStrength strength;
        add_key_of(authority.get(), strength);
        add_signature_of(authority.get(), strength);
        return dates_of(authority.get()) == Dates::current && strength.is_strong();
      });
  if (rc >= 0 && status == 0 && sound && anchors.all_strong()) return {};
  return best_path(certificates_, anchors, beginning_first);
}

bool PeerChain::shows_anchor(const TrustStore& anchors) const {
  return std::any_of(certificates_.begin(), certificates_.end(), [&](const Certificate& one) {
    return std::any_of(anchors.anchors().begin(), anchors.anchors().end(),
                       [&](const Certificate& anchor) { return same(one.get(), anchor.get()); });
  });
}

bool PeerChain::end_entity_is_in(const TrustStore& anchors) const {
  return std::any_of(anchors.anchors().begin(), anchors.anchors().end(),
                     [&](const Certificate& anchor) { return same(leaf(), anchor.get()); });
}

bool PeerChain::end_entity_key_is_in(const TrustStore& anchors) const {
  return std::any_of(anchors.anchors().begin(), anchors.anchors().end(),
                     [&](const Certificate& anchor) {
                       return same_subject(leaf(), anchor.get()) && same_key(leaf(), anchor.get());
                     });
}

bool PeerChain::end_entity_is_named_in(const TrustStore& anchors) const {
  return std::any_of(anchors.anchors().begin(), anchors.anchors().end(),
                     [&](const Certificate& anchor) { return same_subject(leaf(), anchor.get()); });
}

gnutls_x509_crt_t PeerChain::issuer(const TrustStore& anchors) const {
  for (const auto* candidates : {&certificates_, &anchors.anchors()}) {
    for (const Certificate& candidate : *candidates) {
      gnutls_x509_crt_t found = candidate.get();
      if (names_as_issuer(leaf(), found) && signed_by(leaf(), found)) return found;
    }
  }
  return nullptr;
}

RevocationStatus PeerChain::revocation(const TrustStore& store) const {
  if (store.revocation_lists().empty()) return RevocationStatus::none;
  gnutls_x509_crt_t signer = issuer(store);
  if (signer == nullptr) return RevocationStatus::none;
  RevocationStatus found = RevocationStatus::none;
  for (const RevocationList& list : store.revocation_lists()) {
    if (gnutls_x509_crl_check_issuer(list.get(), signer) == 0) continue;
    // Whether it is out of date is asked below, whether its signer is an authority is the path's.
    constexpr unsigned kOfTime =
        GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED | GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE;
    unsigned wrong = 0;
    const int rc =
        gnutls_x509_crl_verify(list.get(), &signer, 1, GNUTLS_VERIFY_DISABLE_CA_SIGN, &wrong);
    if ((wrong & kOfTime) != 0) wrong &= ~(kOfTime | GNUTLS_CERT_INVALID);
    if (rc < 0 || wrong != 0) continue;
    gnutls_x509_crl_t raw = list.get();
    if (gnutls_x509_crt_check_revocation(leaf(), &raw, 1) == 1) return RevocationStatus::revoked;
    const std::time_t now = std::chrono::system_clock::to_time_t(run_clock());
    if (now > gnutls_x509_crl_get_next_update(raw) || now < gnutls_x509_crl_get_this_update(raw)) {
      found = RevocationStatus::out_of_date;
    }
  }
  return found;
}

std::optional<StapleStatus> PeerChain::staple(const TrustStore& anchors) const {
  if (staple_.empty()) return std::nullopt;
  gnutls_x509_crt_t signer = issuer(anchors);
  return signer == nullptr ? StapleStatus::unacceptable : read_staple(staple_, leaf(), signer);
}

bool PeerChain::demands_staple() const {
  return tls::demands_staple(leaf());
}

const PeerChain::Names& PeerChain::names() const {
  if (names_) return *names_;
  Names found;
  for (unsigned i = 0;; ++i) {
    std::array<char, 512> buffer{};
    std::size_t size = buffer.size();
    unsigned type = 0;
    int rc = gnutls_x509_crt_get_subject_alt_name2(leaf(), i, buffer.data(), &size, &type, nullptr);
    std::string value(buffer.data(), std::min(size, buffer.size()));
    if (rc == GNUTLS_E_SHORT_MEMORY_BUFFER) {
      value.resize(size);
      rc = gnutls_x509_crt_get_subject_alt_name2(leaf(), i, value.data(), &size, &type, nullptr);
    }
    if (rc < 0) break;
    found.any = true;
    if (rc == GNUTLS_SAN_DNSNAME) found.dns.push_back(value);
  }
  return names_.emplace(std::move(found));
}

const std::vector<std::string>& PeerChain::dns_names() const {
  return names().dns;
}

bool PeerChain::has_san() const {
  return names().any;
}

std::string PeerChain::common_name() const {
  std::array<char, 512> buffer{};
  std::size_t size = buffer.size();
  const int rc = gnutls_x509_crt_get_dn_by_oid(leaf(), GNUTLS_OID_X520_COMMON_NAME, 0, 0,
                                               buffer.data(), &size);
  return rc < 0 ? "" : std::string(buffer.data(), size);
}

bool PeerChain::presents_dns(const std::string& name) const {
  // Without a dNSName, GnuTLS would go on to the common name.
  if (names().dns.empty()) return false;
  return gnutls_x509_crt_check_hostname2(leaf(), name.c_str(),
                                         GNUTLS_VERIFY_DO_NOT_ALLOW_IP_MATCHES) != 0;
}

bool PeerChain::presents_ip(const std::string& address) const {
  std::array<unsigned char, 16> bytes{};
  unsigned size = 0;
  if (::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) size = 4;
  if (size == 0 && ::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) size = 16;
  return size != 0 && gnutls_x509_crt_check_ip(leaf(), bytes.data(), size, 0) != 0;
}

std::string PeerChain::described_names() const {
  if (!has_san()) {
    const std::string cn = common_name();
    return cn.empty() ? "nobody" : "only the common name " + printable(cn);
  }
  std::string list;
  constexpr std::size_t kShown = 3;
  const auto& dns = dns_names();
  for (std::size_t i = 0; i < std::min(dns.size(), kShown); ++i) {
    list += (i == 0 ? "" : ", ") + printable(dns[i]);
  }
  if (dns.size() > kShown) list += " and " + std::to_string(dns.size() - kShown) + " more names";
  return list.empty() ? "no DNS name" : list;
}

std::string PeerChain::not_before() const {
  return first_day_of(leaf());
}

std::string PeerChain::not_after() const {
  return last_day_of(leaf());
}

}  // namespace startle::tls
