#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<sasl::Mechanism> after_refusal(const client::SaslRefusal&,
                                               const std::vector<std::string>&,
                                               const client::SaslPlace&,
                                               const client::Settings&) const override {
    return std::nullopt;
  }
};

}  // namespace

extern const Defect gives_up_after_504;
const Defect gives_up_after_504{
    .name = "gives-up-after-504",
    .bug_class = "SASL-CHOICE",
    .does = "takes it for the end when the server does not know the first mechanism",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
