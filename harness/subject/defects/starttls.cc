#include "harness/client/decisions.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using words::Severity;

using MaybeReply = std::optional<wire::SmtpReply>;

// Once in clear, it authenticates as if that were TLS.
struct AuthenticatesOutsideTls : client::Decisions {
  std::optional<sasl::Mechanism> mechanism(const std::vector<std::string>& offered,
                                           const client::SaslPlace& place,
                                           const client::Settings& s) const override {
    return Decisions::mechanism(offered, {.inside_tls = true, .can_bind = place.can_bind}, s);
  }
  std::optional<client::BindMethod> bind_method(bool, const client::Settings& s) const override {
    return Decisions::bind_method(true, s);
  }
};

// What is offered in clear is taken in clear: TLS is not even started.
struct AuthenticatesInClear final : AuthenticatesOutsideTls {
  bool starts_tls(const wire::Capabilities& seen) const override {
    return seen.starttls && seen.auth.empty();
  }
  bool goes_on_in_clear(const MaybeReply& reply) const override { return !reply; }
  bool asks_for_starttls(const client::RootDse& seen) const override {
    return seen.mechanisms.empty() && Decisions::asks_for_starttls(seen);
  }
  bool binds_without_starttls(const wire::LdapMessage* response) const override {
    return response == nullptr;
  }
};

struct AuthenticatesBesideTls final : client::Decisions {
  bool writes_credentials_outside() const override { return true; }
};

struct BelievesInjectedReply final : client::Decisions {
  client::LeftBehind left_behind(std::string_view) const override {
    return client::LeftBehind::believe;
  }
};

// A simple bind alone: of SASL in clear it is as careful as the correct client.
struct BindsBeforeStarttls final : client::Decisions {
  bool asks_for_starttls(const client::RootDse&) const override { return false; }
  bool binds_without_starttls(const wire::LdapMessage* response) const override {
    return response == nullptr;
  }
  std::optional<client::BindMethod> bind_method(bool, const client::Settings& s) const override {
    return Decisions::bind_method(true, s);
  }
};

struct FallsBackToClear final : AuthenticatesOutsideTls {
  bool falls_back_to_clear() const override { return true; }
};

struct GoesOnAfterRefusedStarttls final : AuthenticatesOutsideTls {
  bool goes_on_in_clear(const MaybeReply& reply) const override { return reply.has_value(); }
  bool binds_without_starttls(const wire::LdapMessage* response) const override {
    return response != nullptr;
  }
};

struct GoesOnWithoutStarttls final : AuthenticatesOutsideTls {
  bool goes_on_in_clear(const MaybeReply& reply) const override { return !reply; }
  bool binds_without_starttls(const wire::LdapMessage* response) const override {
    return response == nullptr;
  }
};

struct IgnoresStarttlsResult final : client::Decisions {
  client::GoAhead go_ahead(const wire::LdapMessage& response) const override {
    const client::GoAhead correct = Decisions::go_ahead(response);
    return correct == client::GoAhead::refused ? client::GoAhead::given : correct;
  }
};

struct KeepsCapabilities final : client::Decisions {
  wire::Capabilities in_effect(const wire::Capabilities& before,
                               const std::optional<wire::Capabilities>&) const override {
    return before;
  }
  client::RootDse root_dse_in_effect(const client::RootDse& before,
                                     const std::optional<client::RootDse>&) const override {
    return before;
  }
};

struct PipelinesBehindStarttls final : client::Decisions {
  bool awaits_starttls() const override { return false; }
};

struct TakesOtherResponseForStarttls final : client::Decisions {
  client::GoAhead go_ahead(const wire::LdapMessage& response) const override {
    const wire::LdapResult* result = wire::ldap_result(response.operation);
    if (result == nullptr) return client::GoAhead::wrong;
    return result->code == wire::kLdapSuccess ? client::GoAhead::given : client::GoAhead::refused;
  }
};

// SMTP alone: in LDAP it binds as the correct client does.
struct TakesOtherSuccessForTls final : AuthenticatesOutsideTls {
  bool goes_on_in_clear(const MaybeReply& reply) const override {
    return reply && reply->positive_completion();
  }
  std::optional<client::BindMethod> bind_method(bool in_tls,
                                                const client::Settings& s) const override {
    return Decisions::bind_method(in_tls, s);
  }
};

constexpr Defect kRows[] = {
    {.name = "authenticates-beside-tls",
     .bug_class = "TLS-CLOSURE",
     .severity = Severity::leak,
     .does = "writes its credentials to the bare socket though TLS is up",
     .make = made<AuthenticatesBesideTls>},
    {.name = "authenticates-in-clear",
     .bug_class = "STRIP-PREAUTH",
     .severity = Severity::leak,
     .does = "authenticates before TLS where the server offers it",
     .make = made<AuthenticatesInClear>},
    {.name = "believes-injected-reply",
     .bug_class = "INJ-RESP",
     .severity = Severity::false_accept,
     .does = "reads bytes from behind the go-ahead as if they had come inside TLS",
     .make = made<BelievesInjectedReply>},
    {.name = "binds-before-starttls",
     .bug_class = "ORDER",
     .severity = Severity::leak,
     .does = "LDAP: binds before it has asked for StartTLS",
     .make = made<BindsBeforeStarttls>},
    {.name = "falls-back-to-clear",
     .bug_class = "STRIP-RETRY",
     .severity = Severity::leak,
     .does = "connects again and goes on in clear when the TLS handshake comes to nothing",
     .make = made<FallsBackToClear>},
    {.name = "goes-on-after-refused-starttls",
     .bug_class = "STRIP-REFUSE",
     .severity = Severity::leak,
     .does = "goes on in clear when the server refuses STARTTLS",
     .make = made<GoesOnAfterRefusedStarttls>},
    {.name = "goes-on-without-starttls",
     .bug_class = "STRIP-NOCAP",
     .severity = Severity::leak,
     .does = "goes on in clear when the server does not offer STARTTLS",
     .make = made<GoesOnWithoutStarttls>},
    {.name = "ignores-starttls-result",
     .bug_class = "STRIP-ODDREPLY",
     .severity = Severity::false_accept,
     .does = "LDAP: begins TLS whatever result code the StartTLS response has",
     .make = made<IgnoresStarttlsResult>},
    {.name = "keeps-capabilities",
     .bug_class = "STATE-KEEP",
     .severity = Severity::false_accept,
     .does = "goes by what the server offered before TLS",
     .make = made<KeepsCapabilities>},
    {.name = "pipelines-behind-starttls",
     .bug_class = "INJ-CMD",
     .severity = Severity::false_accept,
     .does = "sends the next command behind STARTTLS without waiting for its answer",
     .make = made<PipelinesBehindStarttls>},
    {.name = "takes-other-response-for-starttls",
     .bug_class = "EARLY-OK",
     .severity = Severity::false_accept,
     .does = "LDAP: takes success of any operation or response name for a StartTLS response",
     .make = made<TakesOtherResponseForStarttls>},
    {.name = "takes-other-success-for-tls",
     .bug_class = "STRIP-ODDREPLY",
     .severity = Severity::leak,
     .does =
         "goes on in clear, as if inside TLS, when STARTTLS is answered with another 2yz than 220",
     .make = made<TakesOtherSuccessForTls>},
};

}  // namespace

std::span<const Defect> starttls() {
  return kRows;
}

}  // namespace startle::subject::defect
