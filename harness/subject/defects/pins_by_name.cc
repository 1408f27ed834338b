#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain& chain,
                                             const client::Settings& settings) const override {
    if (correct && correct->ending == words::Ending::certificate_not_trusted &&
        settings.host_store && settings.host_store->names(chain)) {
      return std::nullopt;
    }
    return correct;
  }
};

}  // namespace

extern const Defect pins_by_name;
const Defect pins_by_name{
    .name = "pins-by-name",
    .bug_class = "TOFU-WIDE",
    .does = "takes a certificate for the one in the host's key store because it has its name",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
