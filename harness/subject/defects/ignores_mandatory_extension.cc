#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<std::string> challenge(
      std::string_view challenge, const std::optional<sasl::Objection>& objection) const override {
    const bool let_pass =
        objection && objection->kind == sasl::Objection::Kind::mandatory_extension;
    return let_pass ? std::string(challenge) : Decisions::challenge(challenge, objection);
  }
};

}  // namespace

extern const Defect ignores_mandatory_extension;
const Defect ignores_mandatory_extension{
    .name = "ignores-mandatory-extension",
    .bug_class = "SASL-EXTENSION",
    .does = "SCRAM: passes over an extension that it has to know (m=)",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
