#pragma once
// The extensions of a certificate (RFC 5280, 4.2; RFC 7633), as DER.

#include <string>
#include <string_view>

#include "certs/recipe.h"
#include "harness/tls/handle.h"

namespace startle::certs {

struct ExtensionRequest {
  const CertificateRecipe& recipe;
  const std::string& host;  // fills in the recipe's placeholders
  gnutls_x509_privkey_t key = nullptr;
  gnutls_x509_privkey_t issuer_key = nullptr;
  bool signs_others = false;  // it issues certificates in this chain
};

// One of them: `value` is DER.
std::string extension(std::string_view oid, bool critical, std::string_view value);

// SEQUENCE OF Extension. Throws Error(Fault::input) on names that cannot be made.
std::string extensions_of(const ExtensionRequest& request);

}  // namespace startle::certs
