#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain& chain,
                                             const client::Settings& settings) const override {
    if (!correct || correct->ending != words::Ending::certificate_host_mismatch) return correct;
    for (const std::string& name : chain.dns_names()) {
      if (name.c_str() == settings.host) return std::nullopt;
    }
    return correct;
  }
};

}  // namespace

extern const Defect cuts_names_at_nul;
const Defect cuts_names_at_nul{
    .name = "cuts-names-at-nul",
    .bug_class = "NAME-NUL",
    .does = "reads a name of the certificate up to its first NUL",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
