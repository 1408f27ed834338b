#pragma once
// Whether one certificate issued another, by name and by key alone: whether it may is a question of
// the path (certification_path.h). GnuTLS's own answer also goes by key identifiers, which only
// help to find an issuer (RFC 5280, 4.2.1.1).

#include "harness/tls/handle.h"

namespace startle::tls {

// The issuer's name in `certificate` is the subject's in `issuer`, byte for byte.
bool names_as_issuer(gnutls_x509_crt_t certificate, gnutls_x509_crt_t issuer);

// The signature on `certificate` is right under the key of `issuer`, weak digests included (RFC
// 5280, 6.1.3 (a) (1)).
bool signed_by(gnutls_x509_crt_t certificate, gnutls_x509_crt_t issuer);

// Whether GnuTLS can verify anything under its key: it knows no Brainpool curve (RFC 5639).
bool has_known_key(gnutls_x509_crt_t certificate);

// Size of its RSA key; 0: not RSA.
unsigned rsa_bits_of(gnutls_x509_crt_t certificate);
// The digest of the signature on it.
gnutls_digest_algorithm_t digest_of(gnutls_x509_crt_t certificate);

// The same subject name, byte for byte; the same public key.
bool same_subject(gnutls_x509_crt_t a, gnutls_x509_crt_t b);
bool same_key(gnutls_x509_crt_t a, gnutls_x509_crt_t b);

// The same bytes.
bool same(gnutls_x509_crt_t a, gnutls_x509_crt_t b);

}  // namespace startle::tls
