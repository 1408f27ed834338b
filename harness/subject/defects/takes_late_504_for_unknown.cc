#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<sasl::Mechanism> after_refusal(const client::SaslRefusal& refusal,
                                               const std::vector<std::string>& offered,
                                               const client::SaslPlace& place,
                                               const client::Settings& s) const override {
    const client::SaslRefusal at_once{.tried = refusal.tried, .code = refusal.code};
    return Decisions::after_refusal(at_once, offered, place, s);
  }
};

}  // namespace

extern const Defect takes_late_504_for_unknown;
const Defect takes_late_504_for_unknown{
    .name = "takes-late-504-for-unknown",
    .bug_class = "SASL-STEPDOWN",
    .does = "tries the next mechanism after 504 also when it has answered a challenge before",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
