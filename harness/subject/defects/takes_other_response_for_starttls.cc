#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  client::GoAhead go_ahead(const wire::LdapMessage& response) const override {
    const wire::LdapResult* result = wire::ldap_result(response.operation);
    if (result == nullptr) return client::GoAhead::wrong;
    return result->code == wire::kLdapSuccess ? client::GoAhead::given : client::GoAhead::refused;
  }
};

}  // namespace

extern const Defect takes_other_response_for_starttls;
const Defect takes_other_response_for_starttls{
    .name = "takes-other-response-for-starttls",
    .bug_class = "EARLY-OK",
    .does = "LDAP: takes success of any operation or response name for a StartTLS response",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
