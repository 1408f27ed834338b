#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  client::GoAhead go_ahead(const wire::LdapMessage& response) const override {
    const client::GoAhead correct = Decisions::go_ahead(response);
    return correct == client::GoAhead::refused ? client::GoAhead::given : correct;
  }
};

}  // namespace

extern const Defect ignores_starttls_result;
const Defect ignores_starttls_result{
    .name = "ignores-starttls-result",
    .bug_class = "STRIP-ODDREPLY",
    .does = "LDAP: begins TLS whatever result code the StartTLS response has",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
