#include "harness/client/decisions.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using words::Severity;

struct BelievesAnyResponse final : client::Decisions {
  bool is_answer(std::int64_t, std::int64_t) const override { return true; }
};

struct BindsWithoutPassword final : client::Decisions {
  bool allows_unauthenticated_bind() const override { return true; }
};

struct CutsResultCodes final : client::Decisions {
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

// It binds in clear as it does inside TLS.
struct BindsOutsideTls : client::Decisions {
  std::optional<client::BindMethod> bind_method(bool, const client::Settings& s) const override {
    return Decisions::bind_method(true, s);
  }
};

struct FollowsReferralInClear final : BindsOutsideTls {
  bool follows_referral(const std::string&) const override { return true; }
};

struct GoesOnAfterCloseNotify final : BindsOutsideTls {
  bool outlives_close_notify() const override { return true; }
};

constexpr Defect kRows[] = {
    {.name = "believes-any-response",
     .bug_class = "INJ-RESP",
     .severity = Severity::false_accept,
     .does = "LDAP: takes a response whatever its message id is",
     .make = made<BelievesAnyResponse>},
    {.name = "binds-without-password",
     .bug_class = "AUTH-LAZY",
     .severity = Severity::false_accept,
     .does = "LDAP: sends a name with an empty password and takes success for a login",
     .make = made<BindsWithoutPassword>},
    {.name = "cuts-result-codes",
     .bug_class = "STRIP-ODDREPLY",
     .severity = Severity::false_accept,
     .does = "LDAP: keeps the lower 16 bits of a result code, so that 65536 is success",
     .make = made<CutsResultCodes>},
    {.name = "follows-referral-in-clear",
     .bug_class = "REFERRAL",
     .severity = Severity::leak,
     .does = "LDAP: follows a reference without TLS and sends the password there",
     .make = made<FollowsReferralInClear>},
    {.name = "goes-on-after-close-notify",
     .bug_class = "TLS-CLOSURE",
     .severity = Severity::leak,
     .does = "LDAP: goes on in clear when the server ends TLS",
     .make = made<GoesOnAfterCloseNotify>},
};

}  // namespace

std::span<const Defect> ldap() {
  return kRows;
}

}  // namespace startle::subject::defect
