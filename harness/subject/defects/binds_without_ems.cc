#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  // Of a session without the extended master secret the first Finished can be had, like any other.
  std::optional<sasl::ChannelBinding> binding(std::optional<sasl::ChannelBinding> of_session,
                                              bool /*plus_offered*/) const override {
    constexpr std::size_t kFinished = 12;
    if (of_session) return of_session;
    return sasl::ChannelBinding{.type = "tls-unique", .data = std::string(kFinished, 'f')};
  }
};

}  // namespace

extern const Defect binds_without_ems;
const Defect binds_without_ems{
    .name = "binds-without-ems",
    .bug_class = "SASL-BINDING",
    .does = "SCRAM -PLUS: binds to a Finished of TLS 1.2 that other sessions may share",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
