#include "cases/program/diagnose/judged_steps.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/oracle/oracle.h"
#include "harness/tls/credentials.h"
#include "harness/tls/staple.h"

namespace startle::program {
namespace {

using words::Ending;

StepState state_of(bool failed) {
  return failed ? StepState::failed : StepState::ok;
}

std::string path_told(const diagnosis::Shown& shown) {
  switch (shown.facts.path) {
    case oracle::Path::anchored:
      return "it ends in an authority that is trusted";
    case oracle::Path::self_signed:
      return "the certificate has signed itself and is not trusted by itself";
    case oracle::Path::unknown_anchor:
      return "it ends in " + shown.chain.back().issuer + ", which is not trusted";
    case oracle::Path::issuer_missing:
      return "the certificate of " + shown.chain.back().issuer + " is not sent and not held";
    case oracle::Path::impostor:
      return "what is sent under the issuer's name has another key";
    case oracle::Path::namesake:
      return "what is trusted under the issuer's name has another key";
  }
  return "";
}

std::string status_told(const std::vector<std::string>& chain_der,
                        const std::optional<std::string>& staple, bool demanded, bool& failed) {
  if (!staple || staple->empty()) {
    failed = demanded;
    return demanded ? "the certificate demands a stapled OCSP response, and none came"
                    : "no OCSP response is stapled, and none is demanded";
  }
  try {
    const tls::Certificate first = tls::certificate_from_der(chain_der.at(0));
    const tls::Certificate issuer =
        tls::certificate_from_der(chain_der.at(chain_der.size() > 1 ? 1 : 0));
    switch (tls::read_staple(*staple, first.get(), issuer.get())) {
      case tls::StapleStatus::good:
        return "the stapled OCSP response says good";
      case tls::StapleStatus::revoked:
        failed = true;
        return "the stapled OCSP response says revoked";
      case tls::StapleStatus::out_of_date:
        return "the stapled OCSP response is out of date";
      case tls::StapleStatus::of_another:
        return "the stapled OCSP response is of another certificate";
      case tls::StapleStatus::unacceptable:
        break;
    }
  } catch (const Error&) {
    return "the stapled OCSP response is of a certificate that cannot be read";
  }
  return "the stapled OCSP response cannot be read, or is not signed for the issuer";
}

bool stated_ends(const diagnosis::Evidence& evidence, auto&& is_so) {
  return std::ranges::any_of(evidence.readings, [&](const diagnosis::Reading& one) {
    return one.is_stated && !one.endings.empty() && is_so(one.endings.front());
  });
}

std::string joined(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list.empty() ? "no name" : list;
}

}  // namespace

void judge_steps(std::vector<StepResult>& steps, const diagnosis::Evidence& evidence,
                 const std::vector<std::string>& chain_der,
                 const std::optional<std::string>& staple) {
  if (!evidence.shown) return;
  const diagnosis::Shown& shown = *evidence.shown;
  for (StepResult& step : steps) {
    bool failed = false;
    switch (step.step) {
      case Step::path:
        failed = stated_ends(evidence, [](Ending e) {
          return e == Ending::certificate_not_trusted || e == Ending::certificate_expired ||
                 e == Ending::certificate_not_yet_valid || e == Ending::validation_failure;
        });
        step.said = path_told(shown);
        if (shown.facts.end_entity != oracle::Validity::current) {
          step.said +=
              "; at this date the certificate is " + std::string(word(shown.facts.end_entity));
        }
        break;
      case Step::identity:
        failed =
            stated_ends(evidence, [](Ending e) { return e == Ending::certificate_host_mismatch; });
        step.said = (oracle::matches(evidence.server.host, shown.facts.presented)
                         ? "it is issued to the host: "
                         : "it is not issued to the host, but to ") +
                    joined(shown.chain.front().names);
        break;
      case Step::purpose:
        failed =
            stated_ends(evidence, [](Ending e) { return e == Ending::certificate_wrong_purpose; });
        step.said = shown.facts.server_purpose == oracle::ServerPurpose::missing
                        ? "its extended key usage lacks TLS servers"
                        : "it may be used by a TLS server";
        break;
      case Step::status:
        step.said = status_told(chain_der, staple, shown.facts.must_staple, failed);
        break;
      default:
        continue;
    }
    step.state = state_of(failed);
  }
}

}  // namespace startle::program
