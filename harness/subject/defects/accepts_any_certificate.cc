#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal>, const tls::PeerChain&,
                                             const client::Settings&) const override {
    return std::nullopt;
  }
};

}  // namespace

extern const Defect accepts_any_certificate;
const Defect accepts_any_certificate{
    .name = "accepts-any-certificate",
    .bug_class = "CHAIN-NONE",
    .does = "looks at no certificate at all",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
