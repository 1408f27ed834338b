#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain&,
                                             const client::Settings&) const override {
    if (correct && correct->broken_rule == tls::Rule::version) return std::nullopt;
    return correct;
  }
};

}  // namespace

extern const Defect accepts_version_1_authority;
const Defect accepts_version_1_authority{
    .name = "accepts-version-1-authority",
    .bug_class = "CA-V1",
    .does = "takes a certificate of version 1 for a certificate authority",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
