#include "harness/tls/credentials.h"

#include <algorithm>

namespace startle::tls {
namespace {

gnutls_datum_t datum(const std::string& bytes) {
  // GnuTLS only reads through this pointer.
  return {.data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data())),
          .size = static_cast<unsigned>(bytes.size())};
}

}  // namespace

Certificate certificate_from_der(const std::string& der) {
  auto certificate = make<Certificate>(gnutls_x509_crt_init, "gnutls_x509_crt_init");
  const gnutls_datum_t bytes = datum(der);
  check(gnutls_x509_crt_import(certificate.get(), &bytes, GNUTLS_X509_FMT_DER),
        "gnutls_x509_crt_import");
  return certificate;
}

ServerCredentials::ServerCredentials(const std::vector<std::string>& sent_der,
                                     gnutls_x509_privkey_t key)
    : handle_(make<CredentialsHandle>(gnutls_certificate_allocate_credentials,
                                      "gnutls_certificate_allocate_credentials")) {
  auto signing = make<SigningKey>(gnutls_privkey_init, "gnutls_privkey_init");
  check(gnutls_privkey_import_x509(signing.get(), key, GNUTLS_PRIVKEY_IMPORT_COPY),
        "gnutls_privkey_import_x509");
  // One by one: the list functions of GnuTLS sort what they are given. The array and what it holds
  // go to the credentials, which free both.
  auto* list = static_cast<gnutls_pcert_st*>(
      gnutls_calloc(sent_der.size(), sizeof(gnutls_pcert_st)));
  for (std::size_t i = 0; i < sent_der.size(); ++i) {
    const gnutls_datum_t bytes = datum(sent_der[i]);
    check(gnutls_pcert_import_x509_raw(list + i, &bytes, GNUTLS_X509_FMT_DER, 0),
          "gnutls_pcert_import_x509_raw");
  }
  check(gnutls_certificate_set_key(handle_.get(), nullptr, 0, list,
                                   static_cast<int>(sent_der.size()), signing.get()),
        "gnutls_certificate_set_key");
  signing.release();  // owned by the credentials from here on
}

TrustStore::TrustStore(const std::vector<std::string>& anchors_der)
    : anchors_der_(anchors_der),
      handle_(make<TrustListHandle>(gnutls_x509_trust_list_init, "gnutls_x509_trust_list_init",
                                    static_cast<unsigned>(anchors_der.size()))) {
  for (const std::string& der : anchors_der_) {
    Certificate anchor = certificate_from_der(der);
    gnutls_x509_crt_t raw = anchor.get();
    check(gnutls_x509_trust_list_add_cas(handle_.get(), &raw, 1, 0),
          "gnutls_x509_trust_list_add_cas");
    anchor.release();  // owned by the list
  }
}

}  // namespace startle::tls
