#pragma once
// Signatures on certificates, revocation lists and OCSP responses, and the identifiers of their
// algorithms (RFC 3279, 4055, 5758, 8410). What is signed may be anything: GnuTLS never reads it.

#include <string>
#include <string_view>

#include "harness/oracle/facts.h"
#include "harness/tls/handle.h"

namespace startle::certs {

struct SignatureScheme {
  gnutls_sign_algorithm_t algorithm = GNUTLS_SIGN_UNKNOWN;
  std::string identifier{};  // AlgorithmIdentifier, DER
};

// Of `key` over `digest`; EdDSA has a digest of its own. `pss`: RSASSA-PSS, of an RSA key; a key
// that is bound to it signs in no other way. Throws Error(Fault::input) where there is no such
// scheme.
SignatureScheme scheme_of(gnutls_x509_privkey_t key, oracle::Digest digest, bool pss = false);

// The signature alone. Throws Error(Fault::tls_library).
std::string sign(gnutls_x509_privkey_t key, const SignatureScheme& scheme, std::string_view bytes);

// SEQUENCE { `content`, identifier, signature }: what RFC 5280 calls a SIGNED MACRO.
std::string signed_sequence(gnutls_x509_privkey_t key, const SignatureScheme& scheme,
                            std::string_view content);

// SubjectPublicKeyInfo, DER.
std::string public_key_info(gnutls_x509_privkey_t key);

// SHA-1 of the public key, as key identifiers and OCSP have it (RFC 5280, 4.2.1.2 (1)).
std::string key_identifier(gnutls_x509_privkey_t key);

}  // namespace startle::certs
