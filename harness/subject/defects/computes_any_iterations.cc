#include "harness/subject/defect.h"

#include <algorithm>

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  // The time that takes is not the point here: it computes with the usual count.
  std::optional<std::string> challenge(
      std::string_view challenge, const std::optional<sasl::Objection>& objection) const override {
    constexpr std::string_view kCount = ",i=";
    const std::size_t at = challenge.find(kCount);
    if (!objection || at == challenge.npos) return Decisions::challenge(challenge, objection);
    if (objection->kind != sasl::Objection::Kind::iterations &&
        objection->kind != sasl::Objection::Kind::malformed) {
      return std::nullopt;
    }
    const std::size_t end = std::min(challenge.find(',', at + 1), challenge.size());
    return std::string(challenge.substr(0, at)) + ",i=4096" + std::string(challenge.substr(end));
  }
};

}  // namespace

extern const Defect computes_any_iterations;
const Defect computes_any_iterations{
    .name = "computes-any-iterations",
    .bug_class = "SASL-ITERATIONS",
    .does = "SCRAM: takes any iteration count, 0 and 2^31 too",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
