#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain&,
                                             const client::Settings&) const override {
    if (correct && correct->ending == words::Ending::certificate_expired) return std::nullopt;
    return correct;
  }
};

}  // namespace

extern const Defect accepts_expired;
const Defect accepts_expired{
    .name = "accepts-expired",
    .bug_class = "TIME",
    .does = "does not look at the end of a certificate's validity",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
