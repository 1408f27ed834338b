#include "harness/client/decisions.h"
#include "harness/client/trust.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using words::Ending;
using words::Severity;

// An error that stops the check of the issuers stops the refusal too.
struct AcceptsUnreadableIssuer final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain& chain,
                           const client::Settings&) const override {
    return correct && chain.readable() && !chain.all_readable() ? std::nullopt : correct;
  }
};

struct AcceptsUnsignedStaple final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain& chain,
                           const client::Settings& settings) const override {
    if (correct && correct->alert == tls::Alert::bad_certificate_status_response &&
        chain.staple(settings.anchors()) == tls::StapleStatus::unacceptable) {
      return std::nullopt;
    }
    return correct;
  }
};

// By STARTTLS it looks into the system's anchors alone.
struct ForgetsStoreBehindStarttls final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain& chain,
                           const client::Settings& settings) const override {
    if (!settings.host_store || words::is_implicit_tls(settings.mode)) return correct;
    client::Settings without = settings;
    without.host_store = nullptr;
    std::string why;
    const auto trust = client::read_trust(without, why);
    return trust ? client::check_certificate(chain, *trust, without) : correct;
  }
};

// The switch for strictness has its two sides confused.
struct InvertsNameCheck final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain& chain,
                           const client::Settings& settings) const override {
    const bool strict = settings.trust != "*";
    if (strict) return is_mismatch(correct) ? std::nullopt : correct;
    if (correct || chain.presents_dns(settings.host)) return correct;
    return client::Refusal{.ending = Ending::certificate_host_mismatch,
                           .sentence = "the certificate is issued to another host"};
  }
};

// Nothing is left of `trust` that could be compared, and so nothing is.
struct SkipsNamesWithoutReference final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain&,
                           const client::Settings& settings) const override {
    std::string why;
    const auto trust = client::read_trust(settings, why);
    const bool none = trust && trust->names.empty() && trust->addresses.empty();
    return none && is_mismatch(correct) ? std::nullopt : correct;
  }
};

struct TakesAddressesForNames final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain& chain,
                           const client::Settings& settings) const override {
    if (!is_mismatch(correct)) return correct;
    std::string why;
    const auto trust = client::read_trust(settings, why);
    for (const std::string& name : chain.dns_names()) {
      for (const std::string& address : trust ? trust->addresses : std::vector<std::string>{}) {
        if (name == address) return std::nullopt;
      }
    }
    return correct;
  }
};

struct VerifiesImplicitTlsAlone final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain&,
                           const client::Settings& settings) const override {
    return words::is_implicit_tls(settings.mode) ? correct : std::nullopt;
  }
};

constexpr Defect kRows[] = {
    {.name = "accepts-unreadable-issuer",
     .bug_class = "CHAIN-ERR",
     .severity = Severity::leak,
     .does = "takes an error in the check of the issuers for its success",
     .make = made<AcceptsUnreadableIssuer>},
    {.name = "accepts-unsigned-staple",
     .bug_class = "OCSP",
     .severity = Severity::leak,
     .does = "does not look who has signed a stapled OCSP response",
     .make = made<AcceptsUnsignedStaple>},
    {.name = "forgets-store-behind-starttls",
     .bug_class = "PIN-PATH",
     .severity = Severity::false_refuse,
     .does = "does not look into the host's key store where TLS begins by STARTTLS",
     .make = made<ForgetsStoreBehindStarttls>},
    {.name = "inverts-name-check",
     .bug_class = "NAME-INVERT",
     .severity = Severity::leak,
     .does = "compares names where it was told not to, and does not where it was",
     .make = made<InvertsNameCheck>},
    {.name = "skips-names-without-reference",
     .bug_class = "NAME-EMPTYREF",
     .severity = Severity::leak,
     .does = "compares no names where `trust` holds none that can be compared",
     .make = made<SkipsNamesWithoutReference>},
    {.name = "takes-addresses-for-names",
     .bug_class = "NAME-IP",
     .severity = Severity::leak,
     .does = "looks for an address among the certificate's host names",
     .make = made<TakesAddressesForNames>},
    {.name = "verifies-implicit-tls-alone",
     .bug_class = "PATH-MISSING",
     .severity = Severity::leak,
     .does = "looks at no certificate where TLS begins by STARTTLS",
     .make = made<VerifiesImplicitTlsAlone>},
};

}  // namespace

std::span<const Defect> verification_paths() {
  return kRows;
}

}  // namespace startle::subject::defect
