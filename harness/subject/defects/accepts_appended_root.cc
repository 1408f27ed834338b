#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain& chain,
                                             const client::Settings& settings) const override {
    if (correct && correct->ending == words::Ending::certificate_not_trusted &&
        chain.shows_anchor(settings.anchors())) {
      return std::nullopt;
    }
    return correct;
  }
};

}  // namespace

extern const Defect accepts_appended_root;
const Defect accepts_appended_root{
    .name = "accepts-appended-root",
    .bug_class = "CHAIN-TRAILING",
    .does = "takes a chain for anchored because a trusted root stands behind it",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
