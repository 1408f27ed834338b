#include "harness/tls/credentials.h"

#include <array>
#include <cstring>
#include <utility>

#include "harness/tls/certification_path.h"

namespace startle::tls {
namespace {

gnutls_datum_t datum(const std::string& bytes) {
  // GnuTLS only reads through this pointer.
  return {.data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data())),
          .size = static_cast<unsigned>(bytes.size())};
}

struct FreeBytes {
  void operator()(unsigned char* bytes) const noexcept { gnutls_free(bytes); }
};

// A copy that GnuTLS frees.
std::unique_ptr<unsigned char, FreeBytes> copy_of(const std::string& bytes) {
  auto* copy = static_cast<unsigned char*>(gnutls_malloc(bytes.size() + 1));  // never 0 bytes
  if (copy == nullptr) check(GNUTLS_E_MEMORY_ERROR, "gnutls_malloc");
  std::memcpy(copy, bytes.data(), bytes.size());
  return std::unique_ptr<unsigned char, FreeBytes>(copy);
}

// Certificates as gnutls_certificate_set_key takes them: it copies the array, and what the
// elements point at belongs to the credentials when it succeeds. Put together by hand, because
// GnuTLS's own functions parse, sort or refuse what they are given.
class RawList {
 public:
  // The key that belongs to the first of them.
  RawList(const std::vector<std::string>& ders, gnutls_privkey_t key) : RawList() {
    list_.reserve(ders.size());
    for (const std::string& der : ders) {
      // GnuTLS chooses an algorithm by the public key and asks no other for one, but for its kind.
      auto shared = make<PublicKey>(gnutls_pubkey_init, "gnutls_pubkey_init");
      check(gnutls_pubkey_import_privkey(shared.get(), key, 0, 0), "gnutls_pubkey_import_privkey");
      auto bytes = copy_of(der);
      list_.push_back({.pubkey = shared.release(),
                       .cert = {.data = bytes.release(), .size = static_cast<unsigned>(der.size())},
                       .type = GNUTLS_CRT_X509});
    }
  }
  ~RawList() {
    for (gnutls_pcert_st& one : list_) gnutls_pcert_deinit(&one);
  }
  RawList(const RawList&) = delete;
  RawList& operator=(const RawList&) = delete;

  gnutls_pcert_st* data() { return list_.data(); }
  int size() const { return static_cast<int>(list_.size()); }
  void release() { list_.clear(); }

 private:
  RawList() = default;  // complete from here on: what was made is freed if the rest fails
  std::vector<gnutls_pcert_st> list_{};
};

CredentialsHandle credentials_of(const std::vector<std::string>& sent_der,
                                 gnutls_x509_privkey_t key) {
  auto credentials = make<CredentialsHandle>(gnutls_certificate_allocate_credentials,
                                             "gnutls_certificate_allocate_credentials");
  auto signing = make<SigningKey>(gnutls_privkey_init, "gnutls_privkey_init");
  check(gnutls_privkey_import_x509(signing.get(), key, GNUTLS_PRIVKEY_IMPORT_COPY),
        "gnutls_privkey_import_x509");
  RawList list(sent_der, signing.get());
  // Without a name GnuTLS would look for one inside the first certificate. A client that asks for
  // another name gets the certificate nevertheless: it is the only one.
  std::array<const char*, 1> names{"whatever.invalid"};
  check(gnutls_certificate_set_key(credentials.get(), names.data(), static_cast<int>(names.size()),
                                   list.data(), list.size(), signing.get()),
        "gnutls_certificate_set_key");
  list.release();
  signing.release();  // owned by the credentials from here on
  return credentials;
}

// GnuTLS's gnutls_status_request_ocsp_func: what it gets, it frees.
int give_staple(gnutls_session_t /*session*/, void* staple, gnutls_datum_t* into) noexcept {
  const auto& bytes = *static_cast<const std::string*>(staple);
  auto* copy = static_cast<unsigned char*>(gnutls_malloc(bytes.size()));
  if (copy == nullptr) return GNUTLS_E_MEMORY_ERROR;
  std::memcpy(copy, bytes.data(), bytes.size());
  *into = {.data = copy, .size = static_cast<unsigned>(bytes.size())};
  return GNUTLS_E_SUCCESS;
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
    : staple_(std::move(staple)), handle_(credentials_of(sent_der, key)) {
  if (staple_.empty()) return;
  gnutls_certificate_set_ocsp_status_request_function(handle_.get(), give_staple, &staple_);
}

ClientCredentials::ClientCredentials(const std::vector<std::string>& sent_der,
                                     gnutls_x509_privkey_t key)
    : handle_(credentials_of(sent_der, key)) {}

TrustStore::TrustStore(const std::vector<std::string>& anchors_der,
                       const std::vector<std::string>& revocation_lists_der)
    : anchors_der_(anchors_der),
      revocation_lists_der_(revocation_lists_der),
      handle_(make<TrustListHandle>(gnutls_x509_trust_list_init, "gnutls_x509_trust_list_init",
                                    static_cast<unsigned>(anchors_der.size()))) {
  for (const std::string& der : anchors_der_) {
    anchors_.push_back(certificate_from_der(der));
    LinkStrength key;
    add_key_of(anchors_.back().get(), key);
    all_strong_ = all_strong_ && key.is_strong();
    Certificate anchor = certificate_from_der(der);
    gnutls_x509_crt_t raw = anchor.get();
    check(gnutls_x509_trust_list_add_cas(handle_.get(), &raw, 1, 0),
          "gnutls_x509_trust_list_add_cas");
    anchor.release();  // owned by the list
  }
  for (const std::string& der : revocation_lists_der_) {
    auto list = make<RevocationList>(gnutls_x509_crl_init, "gnutls_x509_crl_init");
    const gnutls_datum_t bytes = datum(der);
    check(gnutls_x509_crl_import(list.get(), &bytes, GNUTLS_X509_FMT_DER),
          "gnutls_x509_crl_import");
    revocation_lists_.push_back(std::move(list));
  }
}

}  // namespace startle::tls
