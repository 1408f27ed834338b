#include "harness/client/decisions.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using client::Outcome;
using client::Past;
using client::same_anchors;
using client::same_protection;
using client::same_server;
using client::same_trust;
using client::same_user;
using client::Settings;
using words::Severity;

// In clear it authenticates as if that were TLS.
struct GivesItselfAway : client::Decisions {
  std::optional<sasl::Mechanism> mechanism(const std::vector<std::string>& offered,
                                           const client::SaslPlace& place,
                                           const Settings& s) const override {
    return Decisions::mechanism(offered, {.inside_tls = true, .can_bind = place.can_bind}, s);
  }
  std::optional<client::BindMethod> bind_method(bool, const Settings& s) const override {
    return Decisions::bind_method(true, s);
  }
  static Settings in_clear(Settings settings) {
    settings.mode = words::mode_of(words::protocol_of(settings.mode), words::Tls::none);
    return settings;
  }
};

struct ForgetsStarttls final : GivesItselfAway {
  Settings in_force(const Settings& told, const Past& past) const override {
    const bool refused = past.last == words::Ending::starttls_refused ||
                         past.last == words::Ending::starttls_not_supported;
    return refused ? in_clear(told) : told;
  }
};

struct KeepsFirstOptions final : client::Decisions {
  Settings in_force(const Settings& told, const Past& past) const override {
    Settings made = told;
    if (past.first) made.trust = past.first->trust;
    return made;
  }
};

struct ResumesAcrossHosts final : client::Decisions {
  bool may_resume(const Settings& had, bool verified, const Settings& wanted) const override {
    return verified && same_anchors(had, wanted) && had.certificate == wanted.certificate;
  }
};

struct ResumesAcrossUsers final : client::Decisions {
  bool may_resume(const Settings& had, bool verified, const Settings& wanted) const override {
    return verified && same_server(had, wanted) && same_trust(had, wanted) &&
           same_anchors(had, wanted);
  }
};

struct ResumesUnverified final : client::Decisions {
  bool may_resume(const Settings& had, bool /*verified*/, const Settings& wanted) const override {
    return same_server(had, wanted) && same_anchors(had, wanted) &&
           had.certificate == wanted.certificate;
  }
};

struct RetriesInClear final : GivesItselfAway {
  std::optional<Settings> retry(const Outcome& failed, const Settings& settings) const override {
    const auto again = Decisions::retry(failed, settings);
    return again ? std::optional(in_clear(*again)) : std::nullopt;
  }
};

struct ReusesAcrossStores final : client::Decisions {
  bool may_reuse(const Settings& had, const Settings& wanted) const override {
    return same_server(had, wanted) && same_protection(had, wanted) && same_trust(had, wanted) &&
           same_user(had, wanted);
  }
};

struct ReusesAcrossTrust final : client::Decisions {
  bool may_reuse(const Settings& had, const Settings& wanted) const override {
    return same_server(had, wanted) && same_protection(had, wanted) && same_user(had, wanted);
  }
};

struct ReusesAcrossUsers final : client::Decisions {
  bool may_reuse(const Settings& had, const Settings& wanted) const override {
    return same_server(had, wanted) && same_protection(had, wanted) && same_trust(had, wanted) &&
           same_anchors(had, wanted);
  }
};

struct ReusesClearConnection final : client::Decisions {
  bool may_reuse(const Settings& had, const Settings& wanted) const override {
    const bool in_clear = !words::demands_tls(had.mode) && same_server(had, wanted);
    return in_clear || Decisions::may_reuse(had, wanted);
  }
};

constexpr Defect kRows[] = {
    {.name = "forgets-starttls",
     .bug_class = "STRIP-REFUSE",
     .severity = Severity::leak,
     .does = "after a connection that got no STARTTLS makes the next one without",
     .make = made<ForgetsStarttls>},
    {.name = "keeps-first-options",
     .bug_class = "GLOBAL-OPT",
     .severity = Severity::leak,
     .does = "checks every certificate as it was told for its first connection",
     .make = made<KeepsFirstOptions>},
    {.name = "resumes-across-hosts",
     .bug_class = "REUSE-TICKET",
     .severity = Severity::leak,
     .does = "resumes the TLS session of another host, whose certificate it then never sees",
     .make = made<ResumesAcrossHosts>},
    {.name = "resumes-across-users",
     .bug_class = "REUSE-CRED",
     .severity = Severity::false_accept,
     .does = "resumes a TLS session in which another certificate of its own was shown",
     .make = made<ResumesAcrossUsers>},
    {.name = "resumes-unverified",
     .bug_class = "REUSE-TICKET",
     .severity = Severity::leak,
     .does = "resumes a TLS session whose server was not verified, where it is to be",
     .make = made<ResumesUnverified>},
    {.name = "retries-in-clear",
     .bug_class = "STRIP-REFUSE",
     .severity = Severity::leak,
     .does = "when a connection fails, tries once more without TLS",
     .make = made<RetriesInClear>},
    {.name = "reuses-across-stores",
     .bug_class = "REUSE-STORE",
     .severity = Severity::leak,
     .does = "uses an open connection again though other trust anchors are to count",
     .make = made<ReusesAcrossStores>},
    {.name = "reuses-across-trust",
     .bug_class = "REUSE-TLSCFG",
     .severity = Severity::leak,
     .does = "uses an open connection again though its server is to be checked more strictly",
     .make = made<ReusesAcrossTrust>},
    {.name = "reuses-across-users",
     .bug_class = "REUSE-CRED",
     .severity = Severity::false_accept,
     .does = "uses an open connection again for another user, or another certificate",
     .make = made<ReusesAcrossUsers>},
    {.name = "reuses-clear-connection",
     .bug_class = "REUSE-PLAIN",
     .severity = Severity::leak,
     .does = "uses an open connection without TLS again where TLS is demanded",
     .make = made<ReusesClearConnection>},
};

}  // namespace

std::span<const Defect> process_state() {
  return kRows;
}

}  // namespace startle::subject::defect
