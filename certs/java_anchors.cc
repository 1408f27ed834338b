#include "certs/java_anchors.h"

#include "certs/x509.h"

namespace startle::certs {
namespace {

bool says_it_is_none(const std::string& der) {
  constexpr long kVersion3 = 2;
  const X509Handle certificate = read_x509(der);
  if (!certificate || X509_get_version(certificate.get()) != kVersion3) return false;
  const customer::Owned<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free> basic(
      static_cast<BASIC_CONSTRAINTS*>(
          X509_get_ext_d2i(certificate.get(), NID_basic_constraints, nullptr, nullptr)));
  return !basic || basic->ca == 0;
}

}  // namespace

std::vector<std::string> issuing_anchors(std::vector<std::string> held_der,
                                         const std::string& end_entity_der) {
  const customer::OpensslErrors errors;
  std::erase_if(held_der, [&](const std::string& der) {
    return der != end_entity_der && says_it_is_none(der);
  });
  return held_der;
}

}  // namespace startle::certs
