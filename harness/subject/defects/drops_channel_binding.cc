#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  std::optional<sasl::Mechanism> after_refusal(const client::SaslRefusal& refusal,
                                               const std::vector<std::string>& offered,
                                               const client::SaslPlace& place,
                                               const client::Settings& s) const override {
    const bool mismatch = refusal.stated_error.find("channel-binding") != std::string::npos;
    if (!mismatch || !sasl::binds_to_channel(refusal.tried.back())) {
      return Decisions::after_refusal(refusal, offered, place, s);
    }
    client::Settings any = s;
    any.mechanism.reset();
    return Decisions::mechanism(offered, {.inside_tls = place.inside_tls}, any);
  }
};

}  // namespace

extern const Defect drops_channel_binding;
const Defect drops_channel_binding{
    .name = "drops-channel-binding",
    .bug_class = "SASL-BINDING",
    .does = "SCRAM -PLUS: does without the binding when the server says that it does not match",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
