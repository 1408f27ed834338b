#include "certs/key_pool.h"

#include "certs/brainpool_key.h"
#include "certs/signature.h"

namespace startle::certs {
namespace {

struct Parameters {
  gnutls_pk_algorithm_t algorithm = GNUTLS_PK_ECDSA;
  unsigned bits = 0;
};

Parameters parameters_of(KeyKind kind) {
  switch (kind) {
    case KeyKind::ecdsa_p256:
      return {.bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1)};
    case KeyKind::ecdsa_p384:
      return {.bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP384R1)};
    case KeyKind::ecdsa_p521:
      return {.bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP521R1)};
    case KeyKind::ed25519:
      return {.algorithm = GNUTLS_PK_EDDSA_ED25519,
              .bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED25519)};
    case KeyKind::ed448:
      return {.algorithm = GNUTLS_PK_EDDSA_ED448,
              .bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED448)};
    case KeyKind::dsa_2048:
      return {.algorithm = GNUTLS_PK_DSA, .bits = 2048};
    case KeyKind::rsa_pss_2048:
      return {.algorithm = GNUTLS_PK_RSA_PSS, .bits = 2048};
    case KeyKind::rsa_exponent_3:
    case KeyKind::rsa_512:
    case KeyKind::rsa_1024:
    case KeyKind::rsa_2047:
    case KeyKind::rsa_2048:
    case KeyKind::rsa_3072:
    case KeyKind::rsa_4096:
    case KeyKind::rsa_8192:
      return {.algorithm = GNUTLS_PK_RSA, .bits = static_cast<unsigned>(rsa_bits(kind))};
    case KeyKind::brainpool_p256:
      return {.algorithm = GNUTLS_PK_UNKNOWN};
  }
  throw Error(Fault::internal, "a KeyKind that cannot be generated");
}

// Elliptic curves cost less than a file, and what is fixed costs nothing.
bool is_costly(KeyKind kind) {
  const bool fixed = kind == KeyKind::rsa_exponent_3 || kind == KeyKind::rsa_8192;
  return !fixed && (rsa_bits(kind) != 0 || kind == KeyKind::dsa_2048);
}

}  // namespace

tls::PrivateKey generate_key(KeyKind kind) {
  if (kind == KeyKind::rsa_exponent_3) return key_from_pem(kExponent3Key);
  if (kind == KeyKind::rsa_8192) return key_from_pem(kRsa8192Key);
  if (kind == KeyKind::brainpool_p256) return brainpool_handle();
  auto key = tls::make<tls::PrivateKey>(gnutls_x509_privkey_init, "gnutls_x509_privkey_init");
  const Parameters parameters = parameters_of(kind);
  tls::check(gnutls_x509_privkey_generate(key.get(), parameters.algorithm, parameters.bits, 0),
             "gnutls_x509_privkey_generate");
  return key;
}

bool is_of(gnutls_x509_privkey_t key, KeyKind kind) {
  const Parameters wanted = parameters_of(kind);
  unsigned bits = 0;
  const int algorithm = gnutls_x509_privkey_get_pk_algorithm2(key, &bits);
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
  const bool is_of_curve =
      gnutls_x509_privkey_export_ecc_raw(key, &curve, nullptr, nullptr, nullptr) >= 0;
  if (is_of_curve) bits = GNUTLS_CURVE_TO_BITS(curve);
  return algorithm == static_cast<int>(wanted.algorithm) && bits == wanted.bits;
}

std::optional<KeyKind> key_kind_of(const std::string& der) {
  const auto certificate =
      tls::make<tls::Certificate>(gnutls_x509_crt_init, "gnutls_x509_crt_init");
  const gnutls_datum_t bytes{
      reinterpret_cast<unsigned char*>(const_cast<char*>(der.data())),  // NOLINT: is only read
      static_cast<unsigned>(der.size())};
  if (gnutls_x509_crt_import(certificate.get(), &bytes, GNUTLS_X509_FMT_DER) < 0) return {};
  unsigned bits = 0;
  const int algorithm = gnutls_x509_crt_get_pk_algorithm(certificate.get(), &bits);
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
  const bool is_of_curve =
      gnutls_x509_crt_get_pk_ecc_raw(certificate.get(), &curve, nullptr, nullptr) >= 0;
  if (is_of_curve) bits = GNUTLS_CURVE_TO_BITS(curve);
  for (std::size_t i = 0; i < kKeyKinds.size(); ++i) {
    const Parameters of_kind = parameters_of(static_cast<KeyKind>(i));
    if (algorithm == static_cast<int>(of_kind.algorithm) && bits == of_kind.bits) {
      return static_cast<KeyKind>(i);
    }
  }
  return {};
}

bool signs(gnutls_x509_privkey_t key) {
  std::string text = "a key is tried before it is believed";
  try {
    const SignatureScheme scheme = scheme_of(key, oracle::Digest::sha256);
    std::string signature = sign(key, scheme, text);
    const auto half = tls::make<tls::PublicKey>(gnutls_pubkey_init, "gnutls_pubkey_init");
    std::string info = public_key_info(key);
    const auto datum = [](std::string& bytes) {
      return gnutls_datum_t{.data = reinterpret_cast<unsigned char*>(bytes.data()),
                            .size = static_cast<unsigned>(bytes.size())};
    };
    const gnutls_datum_t der = datum(info);
    const gnutls_datum_t signed_text = datum(text);
    const gnutls_datum_t made = datum(signature);
    return gnutls_x509_privkey_verify_params(key) >= 0 &&
           gnutls_pubkey_import(half.get(), &der, GNUTLS_X509_FMT_DER) >= 0 &&
           gnutls_pubkey_verify_data2(half.get(), scheme.algorithm, GNUTLS_VERIFY_ALLOW_BROKEN,
                                      &signed_text, &made) >= 0;
  } catch (const Error&) {
    return false;
  }
}

tls::PrivateKey key_from_pem(const std::string& pem) {
  auto key = tls::make<tls::PrivateKey>(gnutls_x509_privkey_init, "gnutls_x509_privkey_init");
  const gnutls_datum_t text{
      .data = reinterpret_cast<unsigned char*>(const_cast<char*>(pem.data())),  // only read
      .size = static_cast<unsigned>(pem.size())};
  tls::check(gnutls_x509_privkey_import_pkcs8(key.get(), &text, GNUTLS_X509_FMT_PEM, nullptr,
                                              GNUTLS_PKCS_PLAIN),
             "gnutls_x509_privkey_import_pkcs8");
  return key;
}

std::string key_to_pem(gnutls_x509_privkey_t key) {
  gnutls_datum_t pem{};
  tls::check(
      gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, nullptr, GNUTLS_PKCS_PLAIN, &pem),
      "gnutls_x509_privkey_export2_pkcs8");
  std::string text(reinterpret_cast<const char*>(pem.data), pem.size);
  gnutls_free(pem.data);
  return text;
}

tls::PrivateKey KeyPool::obtain(KeyKind kind, std::size_t slot) const {
  if (!is_costly(kind)) return generate_key(kind);
  if (tls::PrivateKey kept = cache_.find(kind, slot)) return kept;
  tls::PrivateKey made = generate_key(kind);
  cache_.keep(kind, slot, made.get());
  return made;
}

gnutls_x509_privkey_t KeyPool::end_entity_key(KeyKind kind) {
  auto& keys = keys_[kind];
  if (keys.empty()) keys.push_back(obtain(kind, 0));
  return keys.front().get();
}

gnutls_x509_privkey_t KeyPool::own_key(KeyKind kind) {
  end_entity_key(kind);
  auto& keys = keys_[kind];
  return keys.emplace_back(obtain(kind, keys.size())).get();
}

}  // namespace startle::certs
