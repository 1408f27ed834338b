#include "certs/signature.h"

#include <gnutls/crypto.h>

#include <array>
#include <cstdint>

#include "certs/brainpool_key.h"
#include "certs/der.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

using oracle::Digest;
using tls::check;

constexpr const char* kNone = nullptr;  // nobody has defined it

// By digest, in the order of oracle::Digest.
struct Row {
  gnutls_sign_algorithm_t algorithm = GNUTLS_SIGN_UNKNOWN;
  const char* oid = kNone;
};
using Table = std::array<Row, oracle::kDigests.size()>;

constexpr Table kRsa{{{GNUTLS_SIGN_RSA_MD5, "1.2.840.113549.1.1.4"},
                      {GNUTLS_SIGN_RSA_SHA1, "1.2.840.113549.1.1.5"},
                      {GNUTLS_SIGN_RSA_SHA224, "1.2.840.113549.1.1.14"},
                      {GNUTLS_SIGN_RSA_SHA256, "1.2.840.113549.1.1.11"},
                      {GNUTLS_SIGN_RSA_SHA384, "1.2.840.113549.1.1.12"},
                      {GNUTLS_SIGN_RSA_SHA512, "1.2.840.113549.1.1.13"}}};
// The digests' own identifiers: RSASSA-PSS names them in its parameters.
constexpr Table kPss{{{},
                      {},
                      {},
                      {GNUTLS_SIGN_RSA_PSS_SHA256, "2.16.840.1.101.3.4.2.1"},
                      {GNUTLS_SIGN_RSA_PSS_SHA384, "2.16.840.1.101.3.4.2.2"},
                      {GNUTLS_SIGN_RSA_PSS_SHA512, "2.16.840.1.101.3.4.2.3"}}};
constexpr Table kEcdsa{{{},
                        {GNUTLS_SIGN_ECDSA_SHA1, "1.2.840.10045.4.1"},
                        {GNUTLS_SIGN_ECDSA_SHA224, "1.2.840.10045.4.3.1"},
                        {GNUTLS_SIGN_ECDSA_SHA256, "1.2.840.10045.4.3.2"},
                        {GNUTLS_SIGN_ECDSA_SHA384, "1.2.840.10045.4.3.3"},
                        {GNUTLS_SIGN_ECDSA_SHA512, "1.2.840.10045.4.3.4"}}};
constexpr Table kDsa{{{},
                      {GNUTLS_SIGN_DSA_SHA1, "1.2.840.10040.4.3"},
                      {GNUTLS_SIGN_DSA_SHA224, "2.16.840.1.101.3.4.3.1"},
                      {GNUTLS_SIGN_DSA_SHA256, "2.16.840.1.101.3.4.3.2"},
                      {GNUTLS_SIGN_DSA_SHA384, "2.16.840.1.101.3.4.3.3"},
                      {GNUTLS_SIGN_DSA_SHA512, "2.16.840.1.101.3.4.3.4"}}};

const std::string kNull = der::element(der::kNull, "");

std::string identifier(std::string_view oid, std::string_view parameters = {}) {
  return der::sequence(der::object_identifier(oid) + std::string(parameters));
}

Row row_of(const Table& table, Digest digest, std::string_view family) {
  const Row row = table.at(static_cast<std::size_t>(digest));
  if (row.oid == kNone) {
    throw Error(Fault::input, "no " + std::string(family) + " signature has the digest " +
                                  std::string(word(digest)));
  }
  return row;
}

// RFC 4055, 3.1; the salt is as long as the digest.
SignatureScheme pss_scheme(Digest digest) {
  const Row row = row_of(kPss, digest, "RSASSA-PSS");
  const std::string hash = identifier(row.oid, kNull);
  const int salt =
      static_cast<int>(gnutls_hash_get_len(gnutls_sign_get_hash_algorithm(row.algorithm)));
  const std::string parameters = der::element(0xa0, hash) +
                                 der::element(0xa1, identifier("1.2.840.113549.1.1.8", hash)) +
                                 der::element(0xa2, der::integer(salt));
  return {row.algorithm, identifier("1.2.840.113549.1.1.10", der::sequence(parameters))};
}

tls::SigningKey signing_key(gnutls_x509_privkey_t key) {
  auto signing = tls::make<tls::SigningKey>(gnutls_privkey_init, "gnutls_privkey_init");
  check(gnutls_privkey_import_x509(signing.get(), key, 0), "gnutls_privkey_import_x509");
  return signing;
}

}  // namespace

SignatureScheme scheme_of(gnutls_x509_privkey_t key, Digest digest, bool pss) {
  const int kind =
      is_brainpool(key) ? int{GNUTLS_PK_ECDSA} : gnutls_x509_privkey_get_pk_algorithm(key);
  switch (kind) {
    case GNUTLS_PK_RSA: {
      if (pss) return pss_scheme(digest);
      const Row row = row_of(kRsa, digest, "RSA");
      return {row.algorithm, identifier(row.oid, kNull)};
    }
    case GNUTLS_PK_RSA_PSS:
      return pss_scheme(digest);
    case GNUTLS_PK_ECDSA: {
      const Row row = row_of(kEcdsa, digest, "ECDSA");
      return {row.algorithm, identifier(row.oid)};
    }
    case GNUTLS_PK_DSA: {
      const Row row = row_of(kDsa, digest, "DSA");
      return {row.algorithm, identifier(row.oid)};
    }
    case GNUTLS_PK_EDDSA_ED25519:
      return {GNUTLS_SIGN_EDDSA_ED25519, identifier("1.3.101.112")};
    case GNUTLS_PK_EDDSA_ED448:
      return {GNUTLS_SIGN_EDDSA_ED448, identifier("1.3.101.113")};
    default:
      throw Error(Fault::internal, "a key that no certificate is signed with");
  }
}

std::string sign(gnutls_x509_privkey_t key, const SignatureScheme& scheme, std::string_view bytes) {
  if (is_brainpool(key)) {
    return brainpool_signature(
        gnutls_digest_get_name(gnutls_sign_get_hash_algorithm(scheme.algorithm)), bytes);
  }
  const tls::SigningKey signing = signing_key(key);
  const gnutls_datum_t data{
      .data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data())),  // only read
      .size = static_cast<unsigned>(bytes.size())};
  gnutls_datum_t made{};
  check(gnutls_privkey_sign_data2(signing.get(), scheme.algorithm, 0, &data, &made),
        "gnutls_privkey_sign_data2");
  std::string signature(reinterpret_cast<const char*>(made.data), made.size);
  gnutls_free(made.data);
  return signature;
}

std::string signed_sequence(gnutls_x509_privkey_t key, const SignatureScheme& scheme,
                            std::string_view content) {
  return der::sequence(std::string(content) + scheme.identifier +
                       der::bit_string(sign(key, scheme, content)));
}

std::string public_key_info(gnutls_x509_privkey_t key) {
  if (is_brainpool(key)) return brainpool_public_key();
  const tls::SigningKey signing = signing_key(key);
  const auto shared = tls::make<tls::PublicKey>(gnutls_pubkey_init, "gnutls_pubkey_init");
  check(gnutls_pubkey_import_privkey(shared.get(), signing.get(), 0, 0),
        "gnutls_pubkey_import_privkey");
  gnutls_datum_t made{};
  check(gnutls_pubkey_export2(shared.get(), GNUTLS_X509_FMT_DER, &made), "gnutls_pubkey_export2");
  std::string info(reinterpret_cast<const char*>(made.data), made.size);
  gnutls_free(made.data);
  return info;
}

std::string key_identifier(gnutls_x509_privkey_t key) {
  // SubjectPublicKeyInfo ::= SEQUENCE { algorithm, subjectPublicKey BIT STRING }
  const std::string info = public_key_info(key);
  const der::Tlv bits = der::read(der::read(der::read(info).content).rest);
  const std::string_view octets = bits.content.substr(1);  // how many bits are unused: none
  std::array<char, 20> digest{};
  check(gnutls_hash_fast(GNUTLS_DIG_SHA1, octets.data(), octets.size(), digest.data()),
        "gnutls_hash_fast");
  return {digest.data(), digest.size()};
}

}  // namespace startle::certs
