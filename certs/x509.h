#pragma once
// Certificates of somebody else's, read by OpenSSL's libcrypto: the client reads by GnuTLS, and
// what it misreads must not become a fact of the oracle's. Nothing here decides whom to trust.

#include <openssl/x509v3.h>

#include <string>

#include "harness/customer/store/certificate_text.h"
#include "harness/customer/store/store_crypto.h"
#include "harness/oracle/facts.h"

namespace startle::certs {

using X509Handle = customer::Owned<X509, X509_free>;

// Null: it cannot be read. What stands behind it is passed over.
X509Handle read_x509(const std::string& der);

// The issuer's name in `certificate` is the subject's in `issuer` (RFC 5280, 7.1).
bool names_as_issuer(const X509* certificate, const X509* issuer);
// The signature on `certificate` is right under the key of `issuer`, weak digests included.
bool is_signed_by(X509* certificate, X509* issuer);
// Its authority key identifier is there, and is that of `issuer` (RFC 5280, 4.2.1.1).
bool points_at_key_of(X509* certificate, X509* issuer);

// What the oracle is told of one certificate, at the run's clock.
oracle::PresentedIdentity presented_by(X509* certificate);
oracle::Validity validity_of(const X509* certificate);
oracle::ServerPurpose server_purpose_of(X509* certificate);
int rsa_bits_of(X509* certificate);  // 0: not RSA
bool has_dsa_key(X509* certificate);
bool has_dsa_signature(X509* certificate);
oracle::Digest digest_of(X509* certificate);
bool must_staple(X509* certificate);  // TLS feature status_request (RFC 7633)

// "CN=mail.example.com,O=Example", fit to be shown; "an empty name".
using customer::name_text;

}  // namespace startle::certs
