#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<sasl::ChannelBinding> binding(std::optional<sasl::ChannelBinding> of_session,
                                              bool /*plus_offered*/) const override {
    if (of_session) of_session->data.assign(of_session->data.size(), '\0');
    return of_session;
  }
};

}  // namespace

extern const Defect binds_to_another_channel;
const Defect binds_to_another_channel{
    .name = "binds-to-another-channel",
    .bug_class = "SASL-BINDING",
    .does = "SCRAM -PLUS: binds to something that is not this TLS session",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
