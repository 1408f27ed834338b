#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain&,
                                             const client::Settings&) const override {
    const bool of_end_entity = correct && correct->unknown_extension;
    if (of_end_entity || (correct && correct->broken_rule == tls::Rule::critical_extension)) {
      return std::nullopt;
    }
    return correct;
  }
};

}  // namespace

extern const Defect ignores_critical_extension;
const Defect ignores_critical_extension{
    .name = "ignores-critical-extension",
    .bug_class = "EXT-CRITICAL",
    .does = "passes over a critical extension that it does not know",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
