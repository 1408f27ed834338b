#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  bool is_authenticated(const wire::SmtpReply&) const override { return true; }
  bool is_bound(const wire::LdapResult&) const override { return true; }
};

}  // namespace

extern const Defect continues_after_refused_authentication;
const Defect continues_after_refused_authentication{
    .name = "continues-after-refused-authentication",
    .bug_class = "LATE-CONTINUE",
    .does = "takes any reply to AUTH for success",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
