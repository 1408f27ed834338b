// OCSPResponse (RFC 6960, 4.2.1), explicitly tagged but for CertStatus.

#include <gnutls/crypto.h>

#include <array>

#include "certs/der.h"
#include "certs/signature.h"
#include "certs/status.h"

namespace startle::certs {
namespace {

std::string sha1(std::string_view bytes) {
  std::array<char, 20> digest{};
  tls::check(gnutls_hash_fast(GNUTLS_DIG_SHA1, bytes.data(), bytes.size(), digest.data()),
             "gnutls_hash_fast");
  return {digest.data(), digest.size()};
}

std::string octets(std::string_view content) {
  return der::element(der::kOctetString, content);
}

// RFC 6960, 4.1.1: SHA-1 names the issuer, as every client asks.
std::string certificate_id(const Signer& issuer, const std::string& serial) {
  const std::string sha1_identifier =
      der::sequence(der::object_identifier("1.3.14.3.2.26") + der::element(der::kNull, ""));
  return der::sequence(sha1_identifier + octets(sha1(distinguished_name(issuer.common_name))) +
                       octets(key_identifier(issuer.key)) + der::element(der::kInteger, serial));
}

// Another certificate's.
std::string next_serial(std::string serial) {
  serial.back() = static_cast<char>(static_cast<unsigned char>(serial.back()) ^ 1U);
  return serial;
}

std::string response_data(const StapleRecipe& staple, const Signer& issuer,
                          const std::string& serial, std::chrono::sys_seconds clock) {
  const std::string since = der::time(der::kGeneralizedTime, clock + staple.validity.from);
  const std::string until = der::time(der::kGeneralizedTime, clock + staple.validity.until);
  const std::string status = staple.revoked ? der::element(0xa1, since)  // revoked, at that time
                                            : der::element(0x80, "");    // good
  const std::string answer =
      der::sequence(certificate_id(issuer, staple.of_another ? next_serial(serial) : serial) +
                    status + since + der::element(0xa0, until));
  const std::string responder = der::element(0xa2, octets(key_identifier(issuer.key)));
  return der::sequence(responder + since + der::sequence(answer));
}

}  // namespace

std::string ocsp_response(const StapleRecipe& staple, const Signer& issuer,
                          gnutls_x509_privkey_t key, const std::string& serial,
                          std::chrono::sys_seconds clock) {
  const std::string data = response_data(staple, issuer, serial, clock);
  const SignatureScheme scheme = scheme_of(key, oracle::Digest::sha256);
  const std::string basic =
      der::sequence(data + scheme.identifier + der::bit_string(sign(key, scheme, data)));
  const std::string successful = der::element(der::kEnumerated, std::string(1, '\0'));
  const std::string id_pkix_ocsp_basic = der::object_identifier("1.3.6.1.5.5.7.48.1.1");
  return der::sequence(successful +
                       der::element(0xa0, der::sequence(id_pkix_ocsp_basic + octets(basic))));
}

}  // namespace startle::certs
