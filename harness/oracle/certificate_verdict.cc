#include "harness/oracle/certificate_verdict.h"

#include <algorithm>
#include <utility>

namespace startle::oracle {

CheckResult refuse(words::Ending ending, std::string reason) {
  return {.refusals = {ending}, .reason = std::move(reason)};
}

CheckResult may_refuse(words::Ending ending, std::string reason) {
  return {.refusals = {ending}, .may_pass = true, .reason = std::move(reason)};
}

CheckResult check_dates(Validity validity, const std::string& whose) {
  switch (validity) {
    case Validity::current:
      break;
    case Validity::expired:
      return refuse(words::Ending::certificate_expired, whose + " has expired");
    case Validity::not_yet_valid:
      return refuse(words::Ending::certificate_not_yet_valid, whose + " is not yet valid");
    case Validity::never:
      return {.refusals = {words::Ending::certificate_expired,
                           words::Ending::certificate_not_yet_valid},
              .reason = whose +
                        " ends before it begins, and it is past the one and before the "
                        "other"};
  }
  return {};
}

bool Checks::goes_on(CheckResult result) {
  if (result.refusals.empty()) return true;
  for (const words::Ending ending : result.refusals) {
    auto& known = verdict_.refusals;
    if (std::find(known.begin(), known.end(), ending) == known.end()) known.push_back(ending);
  }
  verdict_.reason += (verdict_.reason.empty() ? "" : "; ") + result.reason;
  verdict_.acceptable = result.may_pass;
  return result.may_pass;
}

CertificateVerdict Checks::accept(std::string reason) && {
  if (verdict_.refusals.empty()) verdict_.reason = std::move(reason);
  return std::move(verdict_);
}

}  // namespace startle::oracle
