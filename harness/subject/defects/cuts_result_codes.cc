#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

struct Wrong final : client::Decisions {
  client::GoAhead go_ahead(const wire::LdapMessage& response) const override {
    const client::GoAhead correct = Decisions::go_ahead(response);
    const wire::LdapResult* result = wire::ldap_result(response.operation);
    const bool success = result != nullptr && cut(result->code) == wire::kLdapSuccess;
    return correct == client::GoAhead::refused && success ? client::GoAhead::given : correct;
  }
  bool is_bound(const wire::LdapResult& result) const override {
    return cut(result.code) == wire::kLdapSuccess;
  }
  static std::uint16_t cut(std::int64_t code) { return static_cast<std::uint16_t>(code); }
};

}  // namespace

extern const Defect cuts_result_codes;
const Defect cuts_result_codes{
    .name = "cuts-result-codes",
    .bug_class = "STRIP-ODDREPLY",
    .does = "LDAP: keeps the lower 16 bits of a result code, so that 65536 is success",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
