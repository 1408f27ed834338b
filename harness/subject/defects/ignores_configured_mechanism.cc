#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<sasl::Mechanism> mechanism(const std::vector<std::string>& offered,
                                           const client::SaslPlace& place,
                                           const client::Settings& s) const override {
    client::Settings plain = s;
    plain.mechanism = "PLAIN";
    const auto taken = s.mechanism ? Decisions::mechanism(offered, place, plain) : std::nullopt;
    return taken ? taken : Decisions::mechanism(offered, place, s);
  }
};

}  // namespace

extern const Defect ignores_configured_mechanism;
const Defect ignores_configured_mechanism{
    .name = "ignores-configured-mechanism",
    .bug_class = "SASL-OPTION",
    .does = "takes PLAIN where it is offered, whatever mechanism is configured",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
