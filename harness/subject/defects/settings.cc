#include "harness/client/decisions.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using words::Mode;
using words::Severity;

// SMTP: the setting is read and forgotten. In clear it authenticates by what is offered there.
struct IgnoresStarttlsSetting final : client::Decisions {
  bool demands_tls(const client::Settings& settings) const override {
    return settings.mode != Mode::smtp_starttls && Decisions::demands_tls(settings);
  }
  std::optional<sasl::Mechanism> mechanism(const std::vector<std::string>& offered,
                                           const client::SaslPlace& place,
                                           const client::Settings& settings) const override {
    const client::SaslPlace inside{.inside_tls = true, .can_bind = place.can_bind};
    return Decisions::mechanism(offered, inside, settings);
  }
};

// SMTP: TLS is there for the password, and where there is none it is not asked for.
struct StartsTlsOnlyToAuthenticate final : client::Decisions {
  bool demands_tls(const client::Settings& settings) const override {
    const bool authenticates = settings.username || settings.mechanism;
    if (settings.mode == Mode::smtp_starttls && !authenticates) return false;
    return Decisions::demands_tls(settings);
  }
};

// To say nothing is to trust anyone.
struct TrustsAnyoneByDefault final : client::Decisions {
  std::optional<client::Trust> trust(const client::Settings& settings,
                                     std::string& why) const override {
    if (!settings.trust) return client::Trust{.check_nothing = true};
    return Decisions::trust(settings, why);
  }
};

// A client that shows who it is takes its server on trust.
struct VerifiesOnlyWithoutOwnCertificate final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain&,
                                             const client::Settings& settings) const override {
    if (settings.certificate) return std::nullopt;
    return correct;
  }
};

constexpr Defect kRows[] = {
    {.name = "ignores-starttls-setting",
     .bug_class = "OPT-IGNORED",
     .severity = Severity::leak,
     .does = "SMTP: does not use STARTTLS though it is configured",
     .make = made<IgnoresStarttlsSetting>},
    {.name = "starts-tls-only-to-authenticate",
     .bug_class = "STRIP-CREDDEP",
     .severity = Severity::leak,
     .does = "SMTP: uses STARTTLS only where it has something to authenticate with",
     .make = made<StartsTlsOnlyToAuthenticate>},
    {.name = "trusts-anyone-by-default",
     .bug_class = "DEFAULT",
     .severity = Severity::false_accept,
     .does = "verifies nothing where it is not told whom to trust",
     .make = made<TrustsAnyoneByDefault>},
    {.name = "verifies-only-without-own-certificate",
     .bug_class = "FLAG-COUPLED",
     .severity = Severity::false_accept,
     .does = "does not verify the server's certificate where it has one of its own to show",
     .make = made<VerifiesOnlyWithoutOwnCertificate>},
};

}  // namespace

std::span<const Defect> settings() {
  return kRows;
}

}  // namespace startle::subject::defect
