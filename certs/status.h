#pragma once
// What an issuer says of a certificate it issued: a certificate revocation list (RFC 5280, 5) and
// an OCSP response (RFC 6960, 4.2).

#include <chrono>
#include <string>

#include "certs/issue.h"
#include "certs/recipe.h"

namespace startle::certs {

// In the name of `issuer` and signed by `key`, its own where it is no stranger's; `serial` is the
// content of the end entity's serial number. DER. Throws Error(Fault::input) where it cannot be
// made at this clock.
std::string revocation_list(const RevocationListRecipe& list, const Signer& issuer,
                            gnutls_x509_privkey_t key, const std::string& serial,
                            std::chrono::sys_seconds clock);
std::string ocsp_response(const StapleRecipe& staple, const Signer& issuer,
                          gnutls_x509_privkey_t key, const std::string& serial,
                          std::chrono::sys_seconds clock);

}  // namespace startle::certs
