#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  bool outlives_close_notify() const override { return true; }
  std::optional<client::BindMethod> bind_method(bool, const client::Settings& s) const override {
    return Decisions::bind_method(true, s);
  }
};

}  // namespace

extern const Defect goes_on_after_close_notify;
const Defect goes_on_after_close_notify{
    .name = "goes-on-after-close-notify",
    .bug_class = "TLS-CLOSURE",
    .does = "LDAP: goes on in clear when the server ends TLS",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
