#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain& chain,
                                             const client::Settings& settings) const override {
    if (!correct || correct->ending != words::Ending::certificate_host_mismatch) return correct;
    if (chain.common_name() == settings.host) return std::nullopt;
    return correct;
  }
};

}  // namespace

extern const Defect counts_common_name;
const Defect counts_common_name{
    .name = "counts-common-name",
    .bug_class = "NAME-CNFALL",
    .does = "goes by the common name where no dNSName matches",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
