#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain&,
                                             const client::Settings&) const override {
    if (correct && correct->ending == words::Ending::certificate_host_mismatch) return std::nullopt;
    return correct;
  }
};

}  // namespace

extern const Defect accepts_any_name;
const Defect accepts_any_name{
    .name = "accepts-any-name",
    .bug_class = "NAME-NONE",
    .does = "verifies the chain but not whom the certificate was issued to",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
