#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<sasl::ChannelBinding> binding(std::optional<sasl::ChannelBinding> of_session,
                                              bool plus_offered) const override {
    return plus_offered ? of_session : std::nullopt;
  }
};

}  // namespace

extern const Defect hides_that_it_can_bind;
const Defect hides_that_it_can_bind{
    .name = "hides-that-it-can-bind",
    .bug_class = "SASL-BINDING",
    .does = "SCRAM: says that it cannot bind, where the list has no -PLUS",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
