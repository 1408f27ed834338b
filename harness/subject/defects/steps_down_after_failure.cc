#include "harness/subject/defect.h"

#include <algorithm>

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<sasl::Mechanism> after_refusal(const client::SaslRefusal& refusal,
                                               const std::vector<std::string>& offered,
                                               const client::SaslPlace& place,
                                               const client::Settings& s) const override {
    for (const sasl::Mechanism one : {sasl::Mechanism::plain, sasl::Mechanism::login}) {
      client::Settings only = s;
      only.mechanism = std::string(word(one));
      const bool again = std::count(refusal.tried.begin(), refusal.tried.end(), one) > 0;
      if (!again && Decisions::mechanism(offered, place, only)) return one;
    }
    return std::nullopt;
  }
};

}  // namespace

extern const Defect steps_down_after_failure;
const Defect steps_down_after_failure{
    .name = "steps-down-after-failure",
    .bug_class = "SASL-STEPDOWN",
    .does = "tries PLAIN and then LOGIN when the server refuses what it tried before",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
