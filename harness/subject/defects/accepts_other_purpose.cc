#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain&,
                                             const client::Settings&) const override {
    if (correct && correct->ending == words::Ending::certificate_wrong_purpose) return std::nullopt;
    return correct;
  }
};

}  // namespace

extern const Defect accepts_other_purpose;
const Defect accepts_other_purpose{
    .name = "accepts-other-purpose",
    .bug_class = "CA-ASLEAF",
    .does = "takes a certificate that is not for TLS servers",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
