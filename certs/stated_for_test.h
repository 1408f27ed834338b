#pragma once
// What a recipe states of one certificate, in the words of decoded_for_test.h: written from the
// recipe's words alone, so that a certificate has its one flaw, and no other, where the two agree.

#include <chrono>
#include <string>

#include "certs/decoded_for_test.h"
#include "certs/recipe.h"

namespace startle::certs {

struct IssuedCertificate {
  const CertificateRecipe& certificate;
  const CertificateRecipe& issuer;  // itself, where it is self-signed
  bool authority = false;           // it may sign others unless it says otherwise
};

Fields stated(const IssuedCertificate& issued, const std::string& host,
              std::chrono::sys_seconds clock);

}  // namespace startle::certs
