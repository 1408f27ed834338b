#include "harness/client/decisions.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using sasl::ChannelBinding;
using words::Severity;
using MaybeBinding = std::optional<ChannelBinding>;

struct BindsToAnotherChannel final : client::Decisions {
  MaybeBinding binding(MaybeBinding of_session, bool /*plus_offered*/) const override {
    if (of_session) of_session->data.assign(of_session->data.size(), '\0');
    return of_session;
  }
};

struct BindsWithoutEms final : client::Decisions {
  // Of a session without the extended master secret the first Finished can be had, like any other.
  MaybeBinding binding(MaybeBinding of_session, bool /*plus_offered*/) const override {
    constexpr std::size_t kFinished = 12;
    if (of_session) return of_session;
    return ChannelBinding{.type = "tls-unique", .data = std::string(kFinished, 'f')};
  }
};

struct DropsChannelBinding final : client::Decisions {
  std::optional<sasl::Mechanism> after_refusal(const client::SaslRefusal& refusal,
                                               const std::vector<std::string>& offered,
                                               const client::SaslPlace& place,
                                               const client::Settings& s) const override {
    const bool mismatch = refusal.stated_error.find("channel-binding") != std::string::npos;
    if (!mismatch || !sasl::binds_to_channel(refusal.tried.back())) {
      return Decisions::after_refusal(refusal, offered, place, s);
    }
    client::Settings any = s;
    any.mechanism.reset();
    return Decisions::mechanism(offered, {.inside_tls = place.inside_tls}, any);
  }
};

struct HidesThatItCanBind final : client::Decisions {
  MaybeBinding binding(MaybeBinding of_session, bool plus_offered) const override {
    return plus_offered ? of_session : std::nullopt;
  }
};

struct UsesTlsUniqueInTls13 final : client::Decisions {
  // A TLS library hands out a Finished of TLS 1.3, too; what stands in it is not looked at here.
  MaybeBinding binding(MaybeBinding of_session, bool /*plus_offered*/) const override {
    if (of_session) of_session->type = "tls-unique";
    return of_session;
  }
};

constexpr Defect kRows[] = {
    {.name = "binds-to-another-channel",
     .bug_class = "SASL-BINDING",
     .severity = Severity::false_accept,
     .does = "SCRAM -PLUS: binds to something that is not this TLS session",
     .make = made<BindsToAnotherChannel>},
    {.name = "binds-without-ems",
     .bug_class = "SASL-BINDING",
     .severity = Severity::false_accept,
     .does = "SCRAM -PLUS: binds to a Finished of TLS 1.2 that other sessions may share",
     .make = made<BindsWithoutEms>},
    {.name = "drops-channel-binding",
     .bug_class = "SASL-BINDING",
     .severity = Severity::false_accept,
     .does = "SCRAM -PLUS: does without the binding when the server says that it does not match",
     .make = made<DropsChannelBinding>},
    {.name = "hides-that-it-can-bind",
     .bug_class = "SASL-BINDING",
     .severity = Severity::false_accept,
     .does = "SCRAM: says that it cannot bind, where the list has no -PLUS",
     .make = made<HidesThatItCanBind>},
    {.name = "uses-tls-unique-in-tls-1-3",
     .bug_class = "SASL-BINDING",
     .severity = Severity::false_accept,
     .does = "SCRAM -PLUS: binds by tls-unique, which TLS 1.3 does not have",
     .make = made<UsesTlsUniqueInTls13>},
};

}  // namespace

std::span<const Defect> channel_bindings() {
  return kRows;
}

}  // namespace startle::subject::defect
