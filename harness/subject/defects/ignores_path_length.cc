#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain&,
                                             const client::Settings&) const override {
    if (correct && correct->broken_rule == tls::Rule::path_length) return std::nullopt;
    return correct;
  }
};

}  // namespace

extern const Defect ignores_path_length;
const Defect ignores_path_length{
    .name = "ignores-path-length",
    .bug_class = "CA-PATHLEN",
    .does = "does not look at the path length of an issuer",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
