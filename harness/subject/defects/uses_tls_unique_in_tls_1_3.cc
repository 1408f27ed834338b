#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  // A TLS library hands out a Finished of TLS 1.3, too; what stands in it is not looked at here.
  std::optional<sasl::ChannelBinding> binding(std::optional<sasl::ChannelBinding> of_session,
                                              bool /*plus_offered*/) const override {
    if (of_session) of_session->type = "tls-unique";
    return of_session;
  }
};

}  // namespace

extern const Defect uses_tls_unique_in_tls_1_3;
const Defect uses_tls_unique_in_tls_1_3{
    .name = "uses-tls-unique-in-tls-1-3",
    .bug_class = "SASL-BINDING",
    .does = "SCRAM -PLUS: binds by tls-unique, which TLS 1.3 does not have",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
