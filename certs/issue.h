#pragma once
// One certificate from one recipe, through GnuTLS. What GnuTLS would correct is written as raw DER.

#include <chrono>
#include <string>

#include "certs/recipe.h"
#include "harness/tls/handle.h"

namespace startle::certs {

// Whoever signs: certificate and key.
struct Signer {
  gnutls_x509_crt_t certificate = nullptr;
  gnutls_x509_privkey_t key = nullptr;
};

struct Request {
  const CertificateRecipe& recipe;
  const std::string& host;  // fills in the recipe's placeholders
  gnutls_x509_privkey_t key = nullptr;
  Signer issuer{};            // null: the certificate signs itself
  bool signs_others = false;  // it issues certificates in this chain
  // What makes it unlike any other certificate of its issuer: the serial number is a digest of it.
  std::string identity{};
};

// DER. Throws Error(Fault::input) where the recipe cannot be made at this clock.
std::string issue(const Request& request, std::chrono::sys_seconds clock);

}  // namespace startle::certs
