#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain& chain,
                                             const client::Settings& settings) const override {
    if (correct && correct->alert == tls::Alert::bad_certificate_status_response &&
        chain.staple(settings.anchors()) == tls::StapleStatus::of_another) {
      return std::nullopt;
    }
    return correct;
  }
};

}  // namespace

extern const Defect accepts_foreign_staple;
const Defect accepts_foreign_staple{
    .name = "accepts-foreign-staple",
    .bug_class = "OCSP",
    .does = "does not look whom a stapled OCSP response is about",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
