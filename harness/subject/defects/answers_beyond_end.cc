#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<std::string> challenge(
      std::string_view challenge, const std::optional<sasl::Objection>& objection) const override {
    const bool let_pass = objection && objection->kind == sasl::Objection::Kind::after_end;
    return let_pass ? std::string(challenge) : Decisions::challenge(challenge, objection);
  }
};

}  // namespace

extern const Defect answers_beyond_end;
const Defect answers_beyond_end{
    .name = "answers-beyond-end",
    .bug_class = "SASL-ENDLESS",
    .does = "answers challenges that its mechanism does not have",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
