#include "cases/program/crl_pem.h"

#include "harness/base/bytes.h"

namespace startle::program {

std::string crl_pem(const std::string& der) {
  constexpr std::size_t kLine = 64;
  std::string pem = "-----BEGIN X509 CRL-----\n";
  const std::string text = to_base64(der);
  for (std::size_t at = 0; at < text.size(); at += kLine) pem += text.substr(at, kLine) + "\n";
  return pem + "-----END X509 CRL-----\n";
}

}  // namespace startle::program
