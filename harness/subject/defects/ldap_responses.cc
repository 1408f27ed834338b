#include <chrono>

#include "harness/client/decisions.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using client::GoAhead;
using std::chrono::milliseconds;
using wire::LdapMessage;
using wire::LdapResult;
using words::Ending;
using words::Severity;

// ---- what is taken for a response --------------------------------------------------------------

struct BelievesSurplusResponses final : client::Decisions {
  bool takes_unasked_responses() const override { return true; }
};

struct TakesNotificationForAnswer final : client::Decisions {
  bool is_answer(std::int64_t id, std::int64_t request) const override {
    return id == 0 || id == request;
  }
};

struct IgnoresNoticeOfDisconnection final : client::Decisions {
  bool heeds_notice_of_disconnection() const override { return false; }
};

struct TakesEndForResult final : client::Decisions {
  bool takes_end_for_result() const override { return true; }
};

// ---- how a response is read --------------------------------------------------------------------

struct RefusesControls final : client::Decisions {
  bool refuses_control(const wire::LdapControl& control) const override { return control.critical; }
};

struct RefusesLongLengths final : client::Decisions {
  bool takes_lengths_of_four_octets() const override { return false; }
};

struct TakesSegmentForMessage final : client::Decisions {
  bool waits_for_the_rest() const override { return false; }
};

struct ReadsMessagesOfAnyLength final : client::Decisions {
  std::size_t longest_message() const override { return std::size_t{1} << 40; }
};

struct DemandsResponseName final : client::Decisions {
  GoAhead go_ahead(const LdapMessage& response) const override {
    const auto* extended = std::get_if<wire::LdapExtendedResponse>(&response.operation);
    const bool nameless = extended != nullptr && !extended->name;
    return nameless ? GoAhead::wrong : Decisions::go_ahead(response);
  }
};

// "success", and whatever else a person would be glad to read.
struct GoesByDiagnosticMessage final : client::Decisions {
  GoAhead go_ahead(const LdapMessage& response) const override {
    const GoAhead correct = Decisions::go_ahead(response);
    const LdapResult* result = wire::ldap_result(response.operation);
    return correct == GoAhead::refused && speaks_of_success(*result) ? GoAhead::given : correct;
  }
  bool is_bound(const LdapResult& result) const override {
    return Decisions::is_bound(result) || speaks_of_success(result);
  }
  static bool speaks_of_success(const LdapResult& result) {
    return result.diagnostic.find("success") != std::string::npos;
  }
};

struct CallsEveryRefusalWrongCredentials final : client::Decisions {
  Ending bind_refusal(const LdapResult&) const override { return Ending::auth_rejected; }
};

// ---- what is asked -----------------------------------------------------------------------------

struct SendsValueWithStarttls final : client::Decisions {
  std::optional<std::string> starttls_value() const override { return ""; }
};

struct AsksForStarttlsInsideTls final : client::Decisions {
  bool asks_for_starttls_inside_tls() const override { return true; }
};

struct BindsOutsideTls : client::Decisions {
  std::optional<client::BindMethod> bind_method(bool, const client::Settings& s) const override {
    return Decisions::bind_method(true, s);
  }
};

struct BindsBeforeGoAhead final : BindsOutsideTls {
  bool binds_before_go_ahead() const override { return true; }
};

struct FollowsReferralOfRefusal final : BindsOutsideTls {
  bool keeps_referral_of_refusal() const override { return true; }
  bool follows_referral(const std::string&) const override { return true; }
};

struct KeepsUnreadableRootDse final : client::Decisions {
  client::RootDse root_dse_in_effect(const client::RootDse& before,
                                     const std::optional<client::RootDse>& after) const override {
    return after.value_or(before);
  }
};

constexpr Defect kRows[] = {
    {.name = "asks-for-starttls-inside-tls",
     .bug_class = "ORDER",
     .severity = Severity::false_refuse,
     .does = "LDAP: asks for StartTLS also where TLS is up",
     .make = made<AsksForStarttlsInsideTls>},
    {.name = "believes-surplus-responses",
     .bug_class = "EARLY-OK",
     .severity = Severity::false_accept,
     .does = "LDAP: keeps responses to nothing that it has asked, for requests to come",
     .make = made<BelievesSurplusResponses>},
    {.name = "binds-before-go-ahead",
     .bug_class = "RACE",
     .severity = Severity::leak,
     .does = "LDAP: binds while the response to StartTLS is still due",
     .make = made<BindsBeforeGoAhead>},
    {.name = "calls-every-refusal-wrong-credentials",
     .bug_class = "TAXONOMY",
     .severity = Severity::wrong_reason,
     .does = "LDAP: reports wrong credentials whatever a bind is refused for",
     .make = made<CallsEveryRefusalWrongCredentials>},
    {.name = "demands-response-name",
     .bug_class = "RESPONSE-NAME",
     .severity = Severity::false_refuse,
     .does = "LDAP: refuses a StartTLS response without the name that may be left out",
     .make = made<DemandsResponseName>},
    {.name = "follows-referral-of-refusal",
     .bug_class = "REFERRAL",
     .severity = Severity::leak,
     .does = "LDAP: goes where a referral in place of StartTLS or of a bind leads",
     .make = made<FollowsReferralOfRefusal>},
    {.name = "goes-by-diagnostic-message",
     .bug_class = "STRIP-ODDREPLY",
     .severity = Severity::false_accept,
     .does = "LDAP: takes a refusal for success when its text speaks of success",
     .make = made<GoesByDiagnosticMessage>},
    {.name = "ignores-notice-of-disconnection",
     .bug_class = "HANG",
     .severity = Severity::wrong_reason,
     .does = "LDAP: waits on when the server has ended the session",
     .make = made<IgnoresNoticeOfDisconnection>},
    {.name = "keeps-unreadable-root-dse",
     .bug_class = "STRIP-CAPFAIL",
     .severity = Severity::false_accept,
     .does = "LDAP: goes by the root DSE from before TLS where it is not to be had inside",
     .make = made<KeepsUnreadableRootDse>},
    {.name = "reads-messages-of-any-length",
     .bug_class = "DOS",
     .severity = Severity::wrong_reason,
     .does = "LDAP: waits for 4 GiB where a message says that it has them",
     .make = made<ReadsMessagesOfAnyLength>},
    {.name = "refuses-critical-controls",
     .bug_class = "CONTROL",
     .severity = Severity::false_refuse,
     .does = "LDAP: refuses a response with a critical control that it does not know",
     .make = made<RefusesControls>},
    {.name = "refuses-long-lengths",
     .bug_class = "BER-LENGTH",
     .severity = Severity::false_refuse,
     .does = "LDAP: refuses lengths in four octets, as Active Directory writes them",
     .make = made<RefusesLongLengths>},
    {.name = "sends-value-with-starttls",
     .bug_class = "ENCODING",
     .severity = Severity::false_refuse,
     .does = "LDAP: sends a value with the StartTLS request, which has none",
     .make = made<SendsValueWithStarttls>},
    {.name = "takes-end-for-result",
     .bug_class = "TLS-TRUNCATION",
     .severity = Severity::false_accept,
     .does = "LDAP: takes the end of the connection for the end of a search",
     .make = made<TakesEndForResult>},
    {.name = "takes-notification-for-answer",
     .bug_class = "INJ-RESP",
     .severity = Severity::false_accept,
     .does = "LDAP: takes a message with the id 0 for the response to its request",
     .make = made<TakesNotificationForAnswer>},
    {.name = "takes-segment-for-message",
     .bug_class = "FRAGMENT",
     .severity = Severity::false_refuse,
     .does = "LDAP: takes a response that comes in two segments for a broken one",
     .make = made<TakesSegmentForMessage>},
};

}  // namespace

std::span<const Defect> ldap_responses() {
  return kRows;
}

}  // namespace startle::subject::defect
