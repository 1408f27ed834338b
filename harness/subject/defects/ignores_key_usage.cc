#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain&,
                                             const client::Settings&) const override {
    if (correct && correct->broken_rule == tls::Rule::key_usage) return std::nullopt;
    return correct;
  }
};

}  // namespace

extern const Defect ignores_key_usage;
const Defect ignores_key_usage{
    .name = "ignores-key-usage",
    .bug_class = "CA-NOBC",
    .does = "does not look whether an issuer's key may sign certificates",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
