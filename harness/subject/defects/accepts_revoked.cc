#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain&,
                                             const client::Settings&) const override {
    if (correct && correct->ending == words::Ending::certificate_revoked) return std::nullopt;
    return correct;
  }
};

}  // namespace

extern const Defect accepts_revoked;
const Defect accepts_revoked{
    .name = "accepts-revoked",
    .bug_class = "OCSP",
    .does = "takes a certificate that its issuer has revoked",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
