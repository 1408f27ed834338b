#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain& chain,
                                             const client::Settings& settings) const override {
    if (correct || !settings.trust || *settings.trust == "*") return correct;
    for (const std::string& name : chain.dns_names()) {
      if (settings.trust->find(name) != std::string::npos || name.starts_with("*.")) return correct;
    }
    return client::Refusal{.ending = words::Ending::certificate_host_mismatch,
                           .sentence = "no name of the certificate stands in trust"};
  }
};

}  // namespace

extern const Defect names_in_other_case_differ;
const Defect names_in_other_case_differ{
    .name = "names-in-other-case-differ",
    .bug_class = "NAME-REF",
    .does = "compares host names case-sensitively",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
