#include "harness/tls/peer_chain.h"

#include <arpa/inet.h>
#include <gnutls/x509-ext.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

#include "harness/tls/clock.h"

namespace startle::tls {
namespace {

Dates dates_of(gnutls_x509_crt_t certificate) {
  const std::time_t now = std::chrono::system_clock::to_time_t(run_clock());
  if (now > gnutls_x509_crt_get_expiration_time(certificate)) return Dates::expired;
  if (now < gnutls_x509_crt_get_activation_time(certificate)) return Dates::not_yet_valid;
  return Dates::current;
}

std::string day(std::time_t when) {
  std::tm parts{};
  ::gmtime_r(&when, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts);
  return {text.data(), size};
}

// Other people's bytes, fit to be printed.
std::string printable(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte >= 0x20 && byte < 0x7f ? std::string(1, c) : "\\" + std::to_string(byte);
  }
  return text;
}

}  // namespace

PeerChain::PeerChain(std::span<const gnutls_datum_t> der) {
  for (const gnutls_datum_t& bytes : der) {
    auto certificate = make<Certificate>(gnutls_x509_crt_init, "gnutls_x509_crt_init");
    if (gnutls_x509_crt_import(certificate.get(), &bytes, GNUTLS_X509_FMT_DER) < 0) return;
    certificates_.push_back(std::move(certificate));
  }
  readable_ = !certificates_.empty();
}

Dates PeerChain::dates() const {
  return dates_of(leaf());
}

std::optional<bool> PeerChain::signature_valid() const {
  for (const Certificate& candidate : certificates_) {
    if (gnutls_x509_crt_check_issuer(leaf(), candidate.get()) == 0) continue;
    // The signature alone: dates, strength and the issuer's right to issue are other questions.
    // An end entity that is its own issuer is not to be believed for being in the list.
    constexpr unsigned kOnlyTheSignature =
        GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_VERIFY_DISABLE_CA_SIGN |
        GNUTLS_VERIFY_ALLOW_BROKEN | GNUTLS_VERIFY_DO_NOT_ALLOW_SAME;
    gnutls_x509_crt_t issuer = candidate.get();
    unsigned status = 0;
    if (gnutls_x509_crt_verify(leaf(), &issuer, 1, kOnlyTheSignature, &status) < 0) return false;
    return (status & GNUTLS_CERT_SIGNATURE_FAILURE) == 0;
  }
  return std::nullopt;
}

bool PeerChain::allows_server_authentication() const {
  return gnutls_x509_crt_check_key_purpose(leaf(), GNUTLS_KP_TLS_WWW_SERVER, 0) != 0;
}

bool PeerChain::allows_client_authentication() const {
  return gnutls_x509_crt_check_key_purpose(leaf(), GNUTLS_KP_TLS_WWW_CLIENT, 0) != 0;
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
  unsigned bits = 0;
  const int algorithm = gnutls_x509_crt_get_pk_algorithm(leaf(), &bits);
  return algorithm == GNUTLS_PK_RSA || algorithm == GNUTLS_PK_RSA_PSS ? bits : 0;
}

bool PeerChain::signed_with_md5() const {
  const auto signature =
      static_cast<gnutls_sign_algorithm_t>(gnutls_x509_crt_get_signature_algorithm(leaf()));
  return gnutls_sign_get_hash_algorithm(signature) == GNUTLS_DIG_MD5;
}

PathReport PeerChain::path(const TrustStore& anchors) const {
  std::vector<gnutls_x509_crt_t> raw;
  for (const Certificate& certificate : certificates_) raw.push_back(certificate.get());
  unsigned status = 0;
  // Strength is judged by strong(); which algorithms are weak differs between trust models.
  const int rc = gnutls_x509_trust_list_verify_crt2(anchors.get(), raw.data(),
                                                    static_cast<unsigned>(raw.size()), nullptr, 0,
                                                    GNUTLS_VERIFY_ALLOW_BROKEN, &status, nullptr);
  if (rc < 0) return {.anchored = false, .rules_kept = false};
  const auto says = [status](unsigned flag) { return (status & flag) != 0; };
  PathReport report;
  report.signatures_valid = !says(GNUTLS_CERT_SIGNATURE_FAILURE);
  report.rules_kept = !says(GNUTLS_CERT_SIGNER_NOT_CA | GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE);
  report.anchored = !says(GNUTLS_CERT_SIGNER_NOT_FOUND);
  if (says(GNUTLS_CERT_EXPIRED)) report.dates = Dates::expired;
  if (says(GNUTLS_CERT_NOT_ACTIVATED)) report.dates = Dates::not_yet_valid;
  return report;
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
  return day(gnutls_x509_crt_get_activation_time(leaf()));
}

std::string PeerChain::not_after() const {
  return day(gnutls_x509_crt_get_expiration_time(leaf()));
}

}  // namespace startle::tls
