#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  // What is offered in clear is taken in clear: TLS is not even started.
  bool starts_tls(const wire::Capabilities& seen) const override {
    return seen.starttls && seen.auth.empty();
  }
  bool goes_on_in_clear(const std::optional<wire::SmtpReply>& reply) const override {
    return !reply;
  }
  std::optional<sasl::Mechanism> mechanism(const std::vector<std::string>& offered,
                                           const client::SaslPlace& place,
                                           const client::Settings& s) const override {
    return Decisions::mechanism(offered, {.inside_tls = true, .can_bind = place.can_bind}, s);
  }
  bool asks_for_starttls(const client::RootDse& seen) const override {
    return seen.mechanisms.empty() && Decisions::asks_for_starttls(seen);
  }
  bool binds_without_starttls(const wire::LdapMessage* response) const override {
    return response == nullptr;
  }
  std::optional<client::BindMethod> bind_method(bool, const client::Settings& s) const override {
    return Decisions::bind_method(true, s);
  }
};

}  // namespace

extern const Defect authenticates_in_clear;
const Defect authenticates_in_clear{
    .name = "authenticates-in-clear",
    .bug_class = "STRIP-PREAUTH",
    .does = "authenticates before TLS where the server offers it",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
