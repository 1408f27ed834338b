#include "harness/load/bare_session.h"

#include <utility>

namespace startle {
namespace {

using tls::check;
using tls::make;

// gnutls_typed_vdata_st and gnutls_datum_t want mutable bytes but only read them.
unsigned char* bytes_of(const char* text) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(text));
}

}  // namespace

tls::CredentialsHandle bare_client_credentials(const tls::TrustStore& anchors) {
  auto made = make<tls::CredentialsHandle>(gnutls_certificate_allocate_credentials,
                                           "gnutls_certificate_allocate_credentials");
  for (const std::string& der : anchors.anchors_der()) {
    gnutls_datum_t bytes{.data = bytes_of(der.data()), .size = static_cast<unsigned>(der.size())};
    check(gnutls_certificate_set_x509_trust_mem(made.get(), &bytes, GNUTLS_X509_FMT_DER),
          "gnutls_certificate_set_x509_trust_mem");
  }
  return made;
}

tls::SessionHandle bare_session(unsigned flags, gnutls_priority_t priority,
                                gnutls_certificate_credentials_t with) {
  auto session = make<tls::SessionHandle>(gnutls_init, "gnutls_init", flags);
  check(gnutls_priority_set(session.get(), priority), "gnutls_priority_set");
  check(gnutls_credentials_set(session.get(), GNUTLS_CRD_CERTIFICATE, with),
        "gnutls_credentials_set");
  return session;
}

BareServerIdentity::BareServerIdentity(std::string host)
    : host_(std::move(host)),
      wanted_{{{.type = GNUTLS_DT_DNS_HOSTNAME, .data = bytes_of(host_.c_str()), .size = 0},
               {.type = GNUTLS_DT_KEY_PURPOSE_OID,
                .data = bytes_of(GNUTLS_KP_TLS_WWW_SERVER),
                .size = 0}}} {}

void BareServerIdentity::tell(gnutls_session_t client, bool verifies) const {
  check(gnutls_server_name_set(client, GNUTLS_NAME_DNS, host_.data(), host_.size()),
        "gnutls_server_name_set");
  const auto size = static_cast<unsigned>(wanted_.size());
  if (verifies) gnutls_session_set_verify_cert2(client, wanted_.data(), size, 0);
}

}  // namespace startle
