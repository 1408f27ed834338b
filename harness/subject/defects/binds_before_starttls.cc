#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  bool asks_for_starttls(const client::RootDse&) const override { return false; }
  bool binds_without_starttls(const wire::LdapMessage* response) const override {
    return response == nullptr;
  }
  std::optional<client::BindMethod> bind_method(bool, const client::Settings& s) const override {
    return Decisions::bind_method(true, s);
  }
};

}  // namespace

extern const Defect binds_before_starttls;
const Defect binds_before_starttls{
    .name = "binds-before-starttls",
    .bug_class = "ORDER",
    .does = "LDAP: binds before it has asked for StartTLS",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
