#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<std::string> challenge(
      std::string_view challenge, const std::optional<sasl::Objection>& objection) const override {
    const bool let_pass = objection && objection->kind == sasl::Objection::Kind::foreign_nonce;
    return let_pass ? std::string(challenge) : Decisions::challenge(challenge, objection);
  }
};

}  // namespace

extern const Defect accepts_foreign_nonce;
const Defect accepts_foreign_nonce{
    .name = "accepts-foreign-nonce",
    .bug_class = "SASL-NONCE",
    .does = "SCRAM: does not look for its nonce in that of the server",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
