#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<std::string> challenge(
      std::string_view challenge, const std::optional<sasl::Objection>& objection) const override {
    const bool let_pass = objection && objection->kind == sasl::Objection::Kind::absent;
    return let_pass ? std::string(challenge) : Decisions::challenge(challenge, objection);
  }
};

}  // namespace

extern const Defect answers_absent_challenge;
const Defect answers_absent_challenge{
    .name = "answers-absent-challenge",
    .bug_class = "SASL-GRAMMAR",
    .does = "LDAP: takes serverSaslCreds that are absent for an empty challenge",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
