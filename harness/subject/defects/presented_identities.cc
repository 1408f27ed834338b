#include "harness/client/decisions.h"
#include "harness/subject/defects/topics.h"

namespace startle::subject::defect {
namespace {

using words::Ending;
using words::Severity;

struct AcceptsAnyName final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain&,
                           const client::Settings&) const override {
    return is_mismatch(correct) ? std::nullopt : correct;
  }
};

struct CountsCommonName final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain& chain,
                           const client::Settings& settings) const override {
    if (is_mismatch(correct) && chain.common_name() == settings.host) return std::nullopt;
    return correct;
  }
};

struct CutsNamesAtNul final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain& chain,
                           const client::Settings& settings) const override {
    if (!is_mismatch(correct)) return correct;
    for (const std::string& name : chain.dns_names()) {
      if (name.c_str() == settings.host) return std::nullopt;
    }
    return correct;
  }
};

struct NamesInOtherCaseDiffer final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain& chain,
                           const client::Settings& settings) const override {
    if (correct || !settings.trust || *settings.trust == "*") return correct;
    for (const std::string& name : chain.dns_names()) {
      if (settings.trust->find(name) != std::string::npos || name.starts_with("*.")) return correct;
    }
    return client::Refusal{.ending = Ending::certificate_host_mismatch,
                           .sentence = "no name of the certificate stands in trust"};
  }
};

bool matches_in_part(std::string_view pattern, std::string_view host) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos || pattern.find('*', star + 1) != std::string_view::npos) {
    return false;
  }
  const std::string_view before = pattern.substr(0, star);
  const std::string_view after = pattern.substr(star + 1);
  if (host.size() <= before.size() + after.size()) return false;
  const std::string_view covered =
      host.substr(before.size(), host.size() - before.size() - after.size());
  return host.starts_with(before) && host.ends_with(after) &&
         covered.find('.') == std::string_view::npos;
}

struct TakesPartialWildcards final : client::Decisions {
  MaybeRefusal certificate(MaybeRefusal correct, const tls::PeerChain& chain,
                           const client::Settings& settings) const override {
    if (!is_mismatch(correct)) return correct;
    for (const std::string& name : chain.dns_names()) {
      if (matches_in_part(name, settings.host)) return std::nullopt;
    }
    return correct;
  }
};

constexpr Defect kRows[] = {
    {.name = "accepts-any-name",
     .bug_class = "NAME-NONE",
     .severity = Severity::leak,
     .does = "verifies the chain but not whom the certificate was issued to",
     .make = made<AcceptsAnyName>},
    {.name = "counts-common-name",
     .bug_class = "NAME-CNFALL",
     .severity = Severity::leak,
     .does = "goes by the common name where no dNSName matches",
     .make = made<CountsCommonName>},
    {.name = "cuts-names-at-nul",
     .bug_class = "NAME-NUL",
     .severity = Severity::leak,
     .does = "reads a name of the certificate up to its first NUL",
     .make = made<CutsNamesAtNul>},
    {.name = "names-in-other-case-differ",
     .bug_class = "NAME-REF",
     .severity = Severity::false_refuse,
     .does = "compares host names case-sensitively",
     .make = made<NamesInOtherCaseDiffer>},
    {.name = "takes-partial-wildcards",
     .bug_class = "NAME-WILD",
     .severity = Severity::leak,
     .does = "lets a `*` stand for a part of a label",
     .make = made<TakesPartialWildcards>},
};

}  // namespace

std::span<const Defect> presented_identities() {
  return kRows;
}

}  // namespace startle::subject::defect
