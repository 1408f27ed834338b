#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  bool goes_on_in_clear(const std::optional<wire::SmtpReply>& reply) const override {
    return reply.has_value();
  }
  std::optional<sasl::Mechanism> mechanism(const std::vector<std::string>& offered,
                                           const client::SaslPlace& place,
                                           const client::Settings& s) const override {
    return Decisions::mechanism(offered, {.inside_tls = true, .can_bind = place.can_bind}, s);
  }
  bool binds_without_starttls(const wire::LdapMessage* response) const override {
    return response != nullptr;
  }
  std::optional<client::BindMethod> bind_method(bool, const client::Settings& s) const override {
    return Decisions::bind_method(true, s);
  }
};

}  // namespace

extern const Defect goes_on_after_refused_starttls;
const Defect goes_on_after_refused_starttls{
    .name = "goes-on-after-refused-starttls",
    .bug_class = "STRIP-REFUSE",
    .does = "goes on in clear when the server refuses STARTTLS",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
