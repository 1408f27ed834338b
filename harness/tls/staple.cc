#include "harness/tls/staple.h"

#include <gnutls/ocsp.h>

#include <chrono>
#include <ctime>

#include "harness/tls/clock.h"

namespace startle::tls {
namespace {

using Response = Handle<gnutls_ocsp_resp_t, gnutls_ocsp_resp_deinit>;
using Features = Handle<gnutls_x509_tlsfeatures_t, gnutls_x509_tlsfeatures_deinit>;

// By the issuer itself or by a responder that it has certified (RFC 6960, 4.2.2.2).
bool is_signed_for(gnutls_ocsp_resp_t response, gnutls_x509_crt_t issuer) {
  unsigned wrong = 0;
  if (gnutls_ocsp_resp_verify_direct(response, issuer, &wrong, 0) >= 0 && wrong == 0) return true;
  gnutls_datum_t der{};
  check(gnutls_x509_crt_export2(issuer, GNUTLS_X509_FMT_DER, &der), "gnutls_x509_crt_export2");
  auto copy = make<Certificate>(gnutls_x509_crt_init, "gnutls_x509_crt_init");
  const int imported = gnutls_x509_crt_import(copy.get(), &der, GNUTLS_X509_FMT_DER);
  gnutls_free(der.data);
  check(imported, "gnutls_x509_crt_import");
  auto list = make<TrustListHandle>(gnutls_x509_trust_list_init, "gnutls_x509_trust_list_init", 1U);
  gnutls_x509_crt_t raw = copy.get();
  check(gnutls_x509_trust_list_add_cas(list.get(), &raw, 1, 0), "gnutls_x509_trust_list_add_cas");
  copy.release();  // owned by the list
  return gnutls_ocsp_resp_verify(response, list.get(), &wrong, 0) >= 0 && wrong == 0;
}

StapleStatus status_of(gnutls_ocsp_resp_t response, unsigned index) {
  unsigned status = 0;
  std::time_t this_update = 0;
  std::time_t next_update = 0;  // -1: newer information is always to be had
  if (gnutls_ocsp_resp_get_single(response, index, nullptr, nullptr, nullptr, nullptr, &status,
                                  &this_update, &next_update, nullptr, nullptr) < 0) {
    return StapleStatus::unacceptable;
  }
  if (status == GNUTLS_OCSP_CERT_REVOKED) return StapleStatus::revoked;
  if (status != GNUTLS_OCSP_CERT_GOOD) return StapleStatus::unacceptable;
  const std::time_t now = std::chrono::system_clock::to_time_t(run_clock());
  const bool over = next_update != static_cast<std::time_t>(-1) && now > next_update;
  return over || now < this_update ? StapleStatus::out_of_date : StapleStatus::good;
}

}  // namespace

StapleStatus read_staple(std::string_view response, gnutls_x509_crt_t certificate,
                         gnutls_x509_crt_t issuer) {
  auto parsed = make<Response>(gnutls_ocsp_resp_init, "gnutls_ocsp_resp_init");
  const gnutls_datum_t bytes{
      .data = reinterpret_cast<unsigned char*>(const_cast<char*>(response.data())),
      .size = static_cast<unsigned>(response.size())};
  if (gnutls_ocsp_resp_import(parsed.get(), &bytes) < 0 ||
      gnutls_ocsp_resp_get_status(parsed.get()) != GNUTLS_OCSP_RESP_SUCCESSFUL ||
      !is_signed_for(parsed.get(), issuer)) {
    return StapleStatus::unacceptable;
  }
  constexpr unsigned kMostAnswers = 32;  // in one response
  for (unsigned i = 0; i < kMostAnswers; ++i) {
    if (gnutls_ocsp_resp_check_crt(parsed.get(), i, certificate) >= 0) {
      return status_of(parsed.get(), i);
    }
  }
  return StapleStatus::of_another;
}

bool demands_staple(gnutls_x509_crt_t certificate) {
  constexpr unsigned kStatusRequest = 5;  // the TLS extension of that number
  auto features = make<Features>(gnutls_x509_tlsfeatures_init, "gnutls_x509_tlsfeatures_init");
  unsigned critical = 0;
  if (gnutls_x509_crt_get_tlsfeatures(certificate, features.get(), 0, &critical) < 0) return false;
  unsigned feature = 0;
  for (unsigned i = 0; gnutls_x509_tlsfeatures_get(features.get(), i, &feature) >= 0; ++i) {
    if (feature == kStatusRequest) return true;
  }
  return false;
}

}  // namespace startle::tls
