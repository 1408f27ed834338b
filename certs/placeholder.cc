#include "harness/base/placeholders.h"

#include "certs/alternative_name.h"
#include "certs/recipe.h"

namespace startle::certs {
namespace {

std::string wildcard_of(std::string_view host) {
  const std::size_t dot = host.find('.');
  const bool coverable = dot != std::string_view::npos && !ip_octets(host);
  return "*" + (coverable ? std::string(host.substr(dot)) : "." + std::string(host));
}

}  // namespace

std::string fill_in(std::string_view text, std::string_view host) {
  if (host.size() > 1 && host.back() == '.') host.remove_suffix(1);
  const auto value = [host](std::string_view name) -> std::optional<std::string> {
    if (name == "host") return std::string(host);
    if (name == "wildcard") return wildcard_of(host);
    if (name == "top-level-domain") return std::string(host.substr(host.rfind('.') + 1));
    return std::nullopt;
  };
  return startle::fill_in(text, value, "{host}, {wildcard}, {top-level-domain}");
}

}  // namespace startle::certs
