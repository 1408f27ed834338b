#pragma once
// The kinds of key that a certificate of a recipe may have.

#include "harness/base/words.h"

namespace startle::certs {

enum class KeyKind {
  ecdsa_p256,
  ecdsa_p384,
  ecdsa_p521,
  ed25519,
  ed448,
  rsa_512,
  rsa_1024,
  rsa_2047,
  rsa_2048,
  rsa_3072,
  rsa_4096,
  rsa_8192,        // of an end entity, and there is one: it takes seconds to make
  rsa_pss_2048,    // the key may be used with RSASSA-PSS only (RFC 4055, 1.2)
  rsa_exponent_3,  // 2048 bits
  dsa_2048,
  brainpool_p256,  // RFC 5639; of an authority: GnuTLS has no such curve
};
inline constexpr auto kKeyKinds = word_table<KeyKind>({
    {KeyKind::ecdsa_p256, "ecdsa-p256"},
    {KeyKind::ecdsa_p384, "ecdsa-p384"},
    {KeyKind::ecdsa_p521, "ecdsa-p521"},
    {KeyKind::ed25519, "ed25519"},
    {KeyKind::ed448, "ed448"},
    {KeyKind::rsa_512, "rsa-512"},
    {KeyKind::rsa_1024, "rsa-1024"},
    {KeyKind::rsa_2047, "rsa-2047"},
    {KeyKind::rsa_2048, "rsa-2048"},
    {KeyKind::rsa_3072, "rsa-3072"},
    {KeyKind::rsa_4096, "rsa-4096"},
    {KeyKind::rsa_8192, "rsa-8192"},
    {KeyKind::rsa_pss_2048, "rsa-pss-2048"},
    {KeyKind::rsa_exponent_3, "rsa-exponent-3"},
    {KeyKind::dsa_2048, "dsa-2048"},
    {KeyKind::brainpool_p256, "brainpoolP256r1"},
});
constexpr Words words_of(KeyKind) {
  return kKeyKinds;
}

// Modulus size of an RSA key; 0: not RSA.
int rsa_bits(KeyKind kind);

}  // namespace startle::certs
