#include "harness/tls/issuance.h"

#include <array>
#include <string_view>

namespace startle::tls {
namespace {

// What GnuTLS has allocated.
class Datum {
 public:
  Datum() = default;
  Datum(const Datum&) = delete;
  Datum& operator=(const Datum&) = delete;
  ~Datum() { gnutls_free(datum_.data); }
  gnutls_datum_t* out() { return &datum_; }
  std::string_view view() const {
    return {reinterpret_cast<const char*>(datum_.data), datum_.size};
  }

 private:
  gnutls_datum_t datum_{};
};

// The length of the DER element that `der` begins with, and of its head; 0, 0: none.
struct Extent {
  std::size_t head = 0;
  std::size_t whole = 0;
};
Extent extent_of(std::string_view der) {
  if (der.size() < 2) return {};
  const auto byte = [&](std::size_t i) -> std::size_t {
    return static_cast<unsigned char>(der[i]);
  };
  const std::size_t more = byte(1) < 0x80 ? 0 : byte(1) - 0x80;
  if (more > 4 || der.size() < 2 + more) return {};
  std::size_t length = more == 0 ? byte(1) : 0;
  for (std::size_t i = 0; i < more; ++i) length = length * 256 + byte(2 + i);
  const Extent extent{.head = 2 + more, .whole = 2 + more + length};
  return extent.whole <= der.size() ? extent : Extent{};
}

}  // namespace

bool names_as_issuer(gnutls_x509_crt_t certificate, gnutls_x509_crt_t issuer) {
  Datum wanted;
  Datum subject;
  return gnutls_x509_crt_get_raw_issuer_dn(certificate, wanted.out()) >= 0 &&
         gnutls_x509_crt_get_raw_dn(issuer, subject.out()) >= 0 && wanted.view() == subject.view();
}

bool signed_by(gnutls_x509_crt_t certificate, gnutls_x509_crt_t issuer) {
  Datum whole;
  if (gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, whole.out()) < 0) return false;
  // Certificate ::= SEQUENCE { tbsCertificate SEQUENCE .. (RFC 5280, 4.1)
  const std::string_view inside = whole.view().substr(extent_of(whole.view()).head);
  const gnutls_datum_t tbs{
      .data = reinterpret_cast<unsigned char*>(const_cast<char*>(inside.data())),
      .size = static_cast<unsigned>(extent_of(inside).whole)};

  std::array<char, 2048> buffer{};  // RSA of 16384 bits
  std::size_t size = buffer.size();
  if (gnutls_x509_crt_get_signature(certificate, buffer.data(), &size) < 0) return false;
  const gnutls_datum_t signature{.data = reinterpret_cast<unsigned char*>(buffer.data()),
                                 .size = static_cast<unsigned>(size)};
  const int algorithm = gnutls_x509_crt_get_signature_algorithm(certificate);
  if (algorithm < 0) return false;

  auto key = make<PublicKey>(gnutls_pubkey_init, "gnutls_pubkey_init");
  return gnutls_pubkey_import_x509(key.get(), issuer, 0) >= 0 &&
         gnutls_pubkey_verify_data2(key.get(), static_cast<gnutls_sign_algorithm_t>(algorithm),
                                    GNUTLS_VERIFY_ALLOW_BROKEN, &tbs, &signature) >= 0;
}

bool has_known_key(gnutls_x509_crt_t certificate) {
  const auto key = make<PublicKey>(gnutls_pubkey_init, "gnutls_pubkey_init");
  return gnutls_pubkey_import_x509(key.get(), certificate, 0) >= 0;
}

unsigned rsa_bits_of(gnutls_x509_crt_t certificate) {
  unsigned bits = 0;
  const int algorithm = gnutls_x509_crt_get_pk_algorithm(certificate, &bits);
  return algorithm == GNUTLS_PK_RSA || algorithm == GNUTLS_PK_RSA_PSS ? bits : 0;
}

gnutls_digest_algorithm_t digest_of(gnutls_x509_crt_t certificate) {
  return gnutls_sign_get_hash_algorithm(
      static_cast<gnutls_sign_algorithm_t>(gnutls_x509_crt_get_signature_algorithm(certificate)));
}

bool same_subject(gnutls_x509_crt_t a, gnutls_x509_crt_t b) {
  Datum of_a;
  Datum of_b;
  return gnutls_x509_crt_get_raw_dn(a, of_a.out()) >= 0 &&
         gnutls_x509_crt_get_raw_dn(b, of_b.out()) >= 0 && of_a.view() == of_b.view();
}

bool same_key(gnutls_x509_crt_t a, gnutls_x509_crt_t b) {
  const auto key_of = [](gnutls_x509_crt_t certificate, Datum& der) {
    auto key = make<PublicKey>(gnutls_pubkey_init, "gnutls_pubkey_init");
    return gnutls_pubkey_import_x509(key.get(), certificate, 0) >= 0 &&
           gnutls_pubkey_export2(key.get(), GNUTLS_X509_FMT_DER, der.out()) >= 0;
  };
  Datum of_a;
  Datum of_b;
  return key_of(a, of_a) && key_of(b, of_b) && of_a.view() == of_b.view();
}

bool same(gnutls_x509_crt_t a, gnutls_x509_crt_t b) {
  return gnutls_x509_crt_equals(a, b) != 0;
}

}  // namespace startle::tls
