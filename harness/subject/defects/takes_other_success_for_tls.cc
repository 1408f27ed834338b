#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  bool goes_on_in_clear(const std::optional<wire::SmtpReply>& reply) const override {
    return reply && reply->positive_completion();
  }
  std::optional<sasl::Mechanism> mechanism(const std::vector<std::string>& offered,
                                           const client::SaslPlace& place,
                                           const client::Settings& s) const override {
    return Decisions::mechanism(offered, {.inside_tls = true, .can_bind = place.can_bind}, s);
  }
};

}  // namespace

extern const Defect takes_other_success_for_tls;
const Defect takes_other_success_for_tls{
    .name = "takes-other-success-for-tls",
    .bug_class = "STRIP-ODDREPLY",
    .does =
        "goes on in clear, as if inside TLS, when STARTTLS is answered with another 2yz than 220",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
