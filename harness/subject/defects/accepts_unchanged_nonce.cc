#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<std::string> challenge(
      std::string_view challenge, const std::optional<sasl::Objection>& objection) const override {
    const bool let_pass = objection && objection->kind == sasl::Objection::Kind::unchanged_nonce;
    return let_pass ? std::string(challenge) : Decisions::challenge(challenge, objection);
  }
};

}  // namespace

extern const Defect accepts_unchanged_nonce;
const Defect accepts_unchanged_nonce{
    .name = "accepts-unchanged-nonce",
    .bug_class = "SASL-NONCE",
    .does = "SCRAM: takes its own nonce, nothing added, for that of both",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
