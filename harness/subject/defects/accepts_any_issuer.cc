#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain&,
                                             const client::Settings&) const override {
    if (correct && correct->broken_rule == tls::Rule::ca_flag) return std::nullopt;
    return correct;
  }
};

}  // namespace

extern const Defect accepts_any_issuer;
const Defect accepts_any_issuer{
    .name = "accepts-any-issuer",
    .bug_class = "CA-NOBC",
    .does = "does not look whether an issuer is a certificate authority",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
