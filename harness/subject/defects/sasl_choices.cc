#include <algorithm>

#include "harness/client/decisions.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using client::SaslPlace;
using client::SaslRefusal;
using client::Settings;
using sasl::Mechanism;
using words::Severity;
using Choice = std::optional<Mechanism>;
using Offered = std::vector<std::string>;

struct GivesUpAfter504 final : client::Decisions {
  Choice after_refusal(const SaslRefusal&, const Offered&, const SaslPlace&,
                       const Settings&) const override {
    return std::nullopt;
  }
};

struct IgnoresConfiguredMechanism final : client::Decisions {
  Choice mechanism(const Offered& offered, const SaslPlace& place,
                   const Settings& s) const override {
    Settings plain = s;
    plain.mechanism = "PLAIN";
    const auto taken = s.mechanism ? Decisions::mechanism(offered, place, plain) : std::nullopt;
    return taken ? taken : Decisions::mechanism(offered, place, s);
  }
};

struct SendsLongInitialResponse final : client::Decisions {
  bool fits_in_line(std::size_t) const override { return true; }
};

struct StepsDownAfterFailure final : client::Decisions {
  Choice after_refusal(const SaslRefusal& refusal, const Offered& offered, const SaslPlace& place,
                       const Settings& s) const override {
    for (const Mechanism one : {Mechanism::plain, Mechanism::login}) {
      Settings only = s;
      only.mechanism = std::string(word(one));
      const bool again = std::count(refusal.tried.begin(), refusal.tried.end(), one) > 0;
      if (!again && Decisions::mechanism(offered, place, only)) return one;
    }
    return std::nullopt;
  }
};

struct TakesLate504ForUnknown final : client::Decisions {
  Choice after_refusal(const SaslRefusal& refusal, const Offered& offered, const SaslPlace& place,
                       const Settings& s) const override {
    const SaslRefusal at_once{.tried = refusal.tried, .code = refusal.code};
    return Decisions::after_refusal(at_once, offered, place, s);
  }
};

struct TriesLoginAfterRefusedPlain final : client::Decisions {
  Choice after_refusal(const SaslRefusal& refusal, const Offered& offered, const SaslPlace& place,
                       const Settings& s) const override {
    Settings only = s;
    only.mechanism = "LOGIN";
    const bool plain = refusal.tried.back() == Mechanism::plain;
    const auto login = plain ? Decisions::mechanism(offered, place, only) : std::nullopt;
    return login ? login : Decisions::after_refusal(refusal, offered, place, s);
  }
};

constexpr Defect kRows[] = {
    {.name = "gives-up-after-504",
     .bug_class = "SASL-CHOICE",
     .severity = Severity::false_refuse,
     .does = "takes it for the end when the server does not know the first mechanism",
     .make = made<GivesUpAfter504>},
    {.name = "ignores-configured-mechanism",
     .bug_class = "SASL-OPTION",
     .severity = Severity::false_accept,
     .does = "takes PLAIN where it is offered, whatever mechanism is configured",
     .make = made<IgnoresConfiguredMechanism>},
    {.name = "sends-long-initial-response",
     .bug_class = "SASL-SIZE",
     .severity = Severity::false_refuse,
     .does = "SMTP: sends an initial response however long the AUTH line becomes",
     .make = made<SendsLongInitialResponse>},
    {.name = "steps-down-after-failure",
     .bug_class = "SASL-STEPDOWN",
     .severity = Severity::false_accept,
     .does = "tries PLAIN and then LOGIN when the server refuses what it tried before",
     .make = made<StepsDownAfterFailure>},
    {.name = "takes-late-504-for-unknown",
     .bug_class = "SASL-STEPDOWN",
     .severity = Severity::false_accept,
     .does = "tries the next mechanism after 504 also when it has answered a challenge before",
     .make = made<TakesLate504ForUnknown>},
    {.name = "tries-login-after-refused-plain",
     .bug_class = "SASL-STEPDOWN",
     .severity = Severity::false_accept,
     .does = "says the password that PLAIN was refused with once more, by LOGIN",
     .make = made<TriesLoginAfterRefusedPlain>},
};

}  // namespace

std::span<const Defect> sasl_choices() {
  return kRows;
}

}  // namespace startle::subject::defect
