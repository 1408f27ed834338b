#pragma once
// The one key on a Brainpool curve (RFC 5639). GnuTLS has no such curve, so libcrypto holds the key
// and signs with it; among the handles of GnuTLS one that holds nothing stands for it.

#include <string>
#include <string_view>

#include "harness/tls/handle.h"

namespace startle::certs {

tls::PrivateKey brainpool_handle();
bool is_brainpool(gnutls_x509_privkey_t key);

// ECDSA over the digest that libcrypto calls so, "SHA256". Throws Error(Fault::tls_library).
std::string brainpool_signature(const char* digest, std::string_view bytes);
// SubjectPublicKeyInfo, DER.
std::string brainpool_public_key();

}  // namespace startle::certs
