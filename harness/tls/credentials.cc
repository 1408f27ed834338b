#include "harness/tls/credentials.h"

#include <utility>

namespace startle::tls {
namespace {

gnutls_datum_t datum(const std::string& bytes) {
  // GnuTLS only reads through this pointer.
  return {.data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data())),
          .size = static_cast<unsigned>(bytes.size())};
}

// Certificates as gnutls_certificate_set_key takes them: it copies the array, and what the
// elements point at belongs to the credentials when it succeeds.
class ImportedList {
 public:
  // One by one: the list functions of GnuTLS sort what they are given.
  explicit ImportedList(const std::vector<std::string>& ders) : ImportedList() {
    list_.reserve(ders.size());
    for (const std::string& der : ders) {
      const gnutls_datum_t bytes = datum(der);
      gnutls_pcert_st imported{};
      check(gnutls_pcert_import_x509_raw(&imported, &bytes, GNUTLS_X509_FMT_DER, 0),
            "gnutls_pcert_import_x509_raw");
      list_.push_back(imported);
    }
  }
  ~ImportedList() {
    for (gnutls_pcert_st& one : list_) gnutls_pcert_deinit(&one);
  }
  ImportedList(const ImportedList&) = delete;
  ImportedList& operator=(const ImportedList&) = delete;

  gnutls_pcert_st* data() { return list_.data(); }
  int size() const { return static_cast<int>(list_.size()); }
  void release() { list_.clear(); }

 private:
  ImportedList() = default;  // complete from here on: what was imported is freed if the rest fails
  std::vector<gnutls_pcert_st> list_{};
};

CredentialsHandle credentials_of(const std::vector<std::string>& sent_der,
                                 gnutls_x509_privkey_t key) {
  auto credentials = make<CredentialsHandle>(gnutls_certificate_allocate_credentials,
                                             "gnutls_certificate_allocate_credentials");
  auto signing = make<SigningKey>(gnutls_privkey_init, "gnutls_privkey_init");
  check(gnutls_privkey_import_x509(signing.get(), key, GNUTLS_PRIVKEY_IMPORT_COPY),
        "gnutls_privkey_import_x509");
  ImportedList list(sent_der);
  check(gnutls_certificate_set_key(credentials.get(), nullptr, 0, list.data(), list.size(),
                                   signing.get()),
        "gnutls_certificate_set_key");
  list.release();
  signing.release();  // owned by the credentials from here on
  return credentials;
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
                                     gnutls_x509_privkey_t key, std::string staple)
    : handle_(credentials_of(sent_der, key)), staple_(std::move(staple)) {}

ClientCredentials::ClientCredentials(const std::vector<std::string>& sent_der,
                                     gnutls_x509_privkey_t key)
    : handle_(credentials_of(sent_der, key)) {}

TrustStore::TrustStore(const std::vector<std::string>& anchors_der,
                       const std::vector<std::string>& revocation_lists_der)
    : anchors_der_(anchors_der),
      handle_(make<TrustListHandle>(gnutls_x509_trust_list_init, "gnutls_x509_trust_list_init",
                                    static_cast<unsigned>(anchors_der.size()))) {
  for (const std::string& der : anchors_der_) {
    anchors_.push_back(certificate_from_der(der));
    Certificate anchor = certificate_from_der(der);
    gnutls_x509_crt_t raw = anchor.get();
    check(gnutls_x509_trust_list_add_cas(handle_.get(), &raw, 1, 0),
          "gnutls_x509_trust_list_add_cas");
    anchor.release();  // owned by the list
  }
  for (const std::string& der : revocation_lists_der) {
    auto list = make<RevocationList>(gnutls_x509_crl_init, "gnutls_x509_crl_init");
    const gnutls_datum_t bytes = datum(der);
    check(gnutls_x509_crl_import(list.get(), &bytes, GNUTLS_X509_FMT_DER),
          "gnutls_x509_crl_import");
    revocation_lists_.push_back(std::move(list));
  }
}

}  // namespace startle::tls
