#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  bool goes_on_in_clear(const std::optional<wire::SmtpReply>& reply) const override {
    return !reply;
  }
  std::optional<client::Mechanism> mechanism(const wire::Capabilities& offered, bool,
                                             const client::Settings& s) const override {
    return Decisions::mechanism(offered, true, s);
  }
  bool binds_without_starttls(const wire::LdapMessage* response) const override {
    return response == nullptr;
  }
  std::optional<client::BindMethod> bind_method(const client::RootDse& offered, bool,
                                                const client::Settings& s) const override {
    return Decisions::bind_method(offered, true, s);
  }
};

}  // namespace

extern const Defect goes_on_without_starttls;
const Defect goes_on_without_starttls{
    .name = "goes-on-without-starttls",
    .bug_class = "STRIP-NOCAP",
    .does = "goes on in clear when the server does not offer STARTTLS",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
