#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  bool allows_unauthenticated_bind() const override { return true; }
};

}  // namespace

extern const Defect binds_without_password;
const Defect binds_without_password{
    .name = "binds-without-password",
    .bug_class = "AUTH-LAZY",
    .does = "LDAP: sends a name with an empty password and takes success for a login",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
