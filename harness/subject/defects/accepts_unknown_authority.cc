#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain&,
                                             const client::Settings&) const override {
    if (correct && correct->ending == words::Ending::certificate_not_trusted) return std::nullopt;
    return correct;
  }
};

}  // namespace

extern const Defect accepts_unknown_authority;
const Defect accepts_unknown_authority{
    .name = "accepts-unknown-authority",
    .bug_class = "CHAIN-NONE",
    .does = "takes a chain that ends in no trust anchor",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
