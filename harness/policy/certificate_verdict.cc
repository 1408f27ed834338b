#include "harness/policy/certificate_verdict.h"

#include <utility>

namespace startle::policy {

CertificateVerdict refuse(Ending ending, std::string reason) {
  return {.refusal = ending, .reason = std::move(reason)};
}

Refusal check_dates(Validity validity, const std::string& whose) {
  if (validity == Validity::current) return std::nullopt;
  if (validity == Validity::expired) {
    return refuse(Ending::certificate_expired, whose + " has expired");
  }
  return refuse(Ending::certificate_not_yet_valid, whose + " is not yet valid");
}

}  // namespace startle::policy
