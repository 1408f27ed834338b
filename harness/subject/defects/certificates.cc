#include "harness/client/decisions.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using client::Refusal;
using tls::Rule;
using words::Ending;
using words::Severity;

struct AcceptsAnyCertificate final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal, const tls::PeerChain&,
                           const client::Settings&) const override {
    return std::nullopt;
  }
};

// One check is left out, so that what it alone would refuse is accepted.
template <Ending kLeftOut>
struct AcceptsEnding final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain&,
                           const client::Settings&) const override {
    if (correct && correct->ending == kLeftOut) return std::nullopt;
    return correct;
  }
};

// So with one rule for certificate authorities.
template <Rule kLeftOut>
struct AcceptsBroken final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain&,
                           const client::Settings&) const override {
    if (correct && correct->broken_rule == kLeftOut) return std::nullopt;
    return correct;
  }
};

struct AcceptsAppendedRoot final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain& chain,
                           const client::Settings& settings) const override {
    if (correct && correct->ending == Ending::certificate_not_trusted &&
        chain.shows_anchor(settings.anchors())) {
      return std::nullopt;
    }
    return correct;
  }
};

struct AcceptsForeignStaple final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain& chain,
                           const client::Settings& settings) const override {
    if (correct && correct->alert == tls::Alert::bad_certificate_status_response &&
        chain.staple(settings.anchors()) == tls::StapleStatus::of_another) {
      return std::nullopt;
    }
    return correct;
  }
};

struct IgnoresCriticalExtension final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain&,
                           const client::Settings&) const override {
    const bool of_end_entity = correct && correct->unknown_extension;
    if (of_end_entity || (correct && correct->broken_rule == Rule::critical_extension)) {
      return std::nullopt;
    }
    return correct;
  }
};

struct PinsByName final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain& chain,
                           const client::Settings& settings) const override {
    if (correct && correct->ending == Ending::certificate_not_trusted && settings.host_store &&
        settings.host_store->names(chain)) {
      return std::nullopt;
    }
    return correct;
  }
};

constexpr Defect kRows[] = {
    {.name = "accepts-any-certificate",
     .bug_class = "CHAIN-NONE",
     .severity = Severity::leak,
     .does = "looks at no certificate at all",
     .make = made<AcceptsAnyCertificate>},
    {.name = "accepts-any-issuer",
     .bug_class = "CA-NOBC",
     .severity = Severity::leak,
     .does = "does not look whether an issuer is a certificate authority",
     .make = made<AcceptsBroken<Rule::ca_flag>>},
    {.name = "accepts-appended-root",
     .bug_class = "CHAIN-TRAILING",
     .severity = Severity::leak,
     .does = "takes a chain for anchored because a trusted root stands behind it",
     .make = made<AcceptsAppendedRoot>},
    {.name = "accepts-expired",
     .bug_class = "TIME",
     .severity = Severity::leak,
     .does = "does not look at the end of a certificate's validity",
     .make = made<AcceptsEnding<Ending::certificate_expired>>},
    {.name = "accepts-foreign-staple",
     .bug_class = "OCSP",
     .severity = Severity::leak,
     .does = "does not look whom a stapled OCSP response is about",
     .make = made<AcceptsForeignStaple>},
    {.name = "accepts-other-purpose",
     .bug_class = "CA-ASLEAF",
     .severity = Severity::leak,
     .does = "takes a certificate that is not for TLS servers",
     .make = made<AcceptsEnding<Ending::certificate_wrong_purpose>>},
    {.name = "accepts-revoked",
     .bug_class = "OCSP",
     .severity = Severity::leak,
     .does = "takes a certificate that its issuer has revoked",
     .make = made<AcceptsEnding<Ending::certificate_revoked>>},
    {.name = "accepts-unknown-authority",
     .bug_class = "CHAIN-NONE",
     .severity = Severity::leak,
     .does = "takes a chain that ends in no trust anchor",
     .make = made<AcceptsEnding<Ending::certificate_not_trusted>>},
    {.name = "accepts-version-1-authority",
     .bug_class = "CA-V1",
     .severity = Severity::leak,
     .does = "takes a certificate of version 1 for a certificate authority",
     .make = made<AcceptsBroken<Rule::version>>},
    {.name = "ignores-critical-extension",
     .bug_class = "EXT-CRITICAL",
     .severity = Severity::leak,
     .does = "passes over a critical extension that it does not know",
     .make = made<IgnoresCriticalExtension>},
    {.name = "ignores-key-usage",
     .bug_class = "CA-NOBC",
     .severity = Severity::leak,
     .does = "does not look whether an issuer's key may sign certificates",
     .make = made<AcceptsBroken<Rule::key_usage>>},
    {.name = "ignores-name-constraints",
     .bug_class = "NC",
     .severity = Severity::leak,
     .does = "does not look at the name constraints of an issuer",
     .make = made<AcceptsBroken<Rule::name_constraints>>},
    {.name = "ignores-path-length",
     .bug_class = "CA-PATHLEN",
     .severity = Severity::leak,
     .does = "does not look at the path length of an issuer",
     .make = made<AcceptsBroken<Rule::path_length>>},
    {.name = "pins-by-name",
     .bug_class = "TOFU-WIDE",
     .severity = Severity::leak,
     .does = "takes a certificate for the one in the host's key store because it has its name",
     .make = made<PinsByName>},
};

}  // namespace

std::span<const Defect> certificates() {
  return kRows;
}

}  // namespace startle::subject::defect
