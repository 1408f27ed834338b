#include "harness/subject/defect.h"

namespace startle::subject::defect {
namespace {

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

struct Wrong final : client::Decisions {
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain& chain,
                                             const client::Settings& settings) const override {
    if (!correct || correct->ending != words::Ending::certificate_host_mismatch) return correct;
    for (const std::string& name : chain.dns_names()) {
      if (matches_in_part(name, settings.host)) return std::nullopt;
    }
    return correct;
  }
};

}  // namespace

extern const Defect takes_partial_wildcards;
const Defect takes_partial_wildcards{
    .name = "takes-partial-wildcards",
    .bug_class = "NAME-WILD",
    .does = "lets a `*` stand for a part of a label",
    .make = []() -> std::unique_ptr<client::Decisions> { return std::make_unique<Wrong>(); }};

}  // namespace startle::subject::defect
