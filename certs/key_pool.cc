#include "certs/key_pool.h"

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
      return {.algorithm = GNUTLS_PK_RSA, .bits = static_cast<unsigned>(rsa_bits(kind))};
  }
  throw Error(Fault::internal, "a KeyKind that cannot be generated");
}

}  // namespace

tls::PrivateKey generate_key(KeyKind kind) {
  auto key = tls::make<tls::PrivateKey>(gnutls_x509_privkey_init, "gnutls_x509_privkey_init");
  const Parameters parameters = parameters_of(kind);
  tls::check(gnutls_x509_privkey_generate(key.get(), parameters.algorithm, parameters.bits, 0),
             "gnutls_x509_privkey_generate");
  return key;
}

gnutls_x509_privkey_t KeyPool::end_entity_key(KeyKind kind) {
  auto& keys = keys_[kind];
  if (keys.empty()) keys.push_back(generate_key(kind));
  return keys.front().get();
}

gnutls_x509_privkey_t KeyPool::own_key(KeyKind kind) {
  end_entity_key(kind);
  return keys_[kind].emplace_back(generate_key(kind)).get();
}

}  // namespace startle::certs
