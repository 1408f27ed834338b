#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain&,
                                             const client::Settings&) const override {
    if (correct && correct->broken_rule == tls::Rule::name_constraints) return std::nullopt;
    return correct;
  }
};

}  // namespace

extern const Defect ignores_name_constraints;
const Defect ignores_name_constraints{
    .name = "ignores-name-constraints",
    .bug_class = "NC",
    .does = "does not look at the name constraints of an issuer",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
