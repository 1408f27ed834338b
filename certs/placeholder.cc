#include "harness/base/placeholders.h"

#include "certs/alternative_name.h"
#include "certs/recipe.h"
#include "harness/base/text.h"
#include "harness/oracle/host_name.h"

namespace startle::certs {
namespace {

std::string wildcard_of(std::string_view host) {
  const std::size_t dot = host.find('.');
  const bool coverable = dot != std::string_view::npos && !ip_octets(host);
  return "*" + (coverable ? std::string(host.substr(dot)) : "." + std::string(host));
}

std::string parent_of(std::string_view host) {
  const std::size_t dot = host.find('.');
  return dot == std::string_view::npos ? std::string() : std::string(host.substr(dot + 1));
}

// U+FF21 (A) and U+FF41 (a) on, as UTF-8: ef bc a1, ef bd 81.
std::string fullwidth(std::string_view text) {
  std::string wide;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      wide += "\xef\xbc";
      wide += static_cast<char>(0xa1 + (c - 'A'));
    } else if (c >= 'a' && c <= 'z') {
      wide += "\xef\xbd";
      wide += static_cast<char>(0x81 + (c - 'a'));
    } else {
      wide += c;
    }
  }
  return wide;
}

}  // namespace

std::string fill_in(std::string_view text, std::string_view written_host, std::size_t number) {
  const std::string form = oracle::presented_form(written_host);
  std::string_view host = form;
  if (host.size() > 1 && host.back() == '.') host.remove_suffix(1);
  const auto value = [host, number](std::string_view name) -> std::optional<std::string> {
    if (name == "host") return std::string(host);
    if (name == "HOST") return ascii_upper(host);
    if (name == "wildcard") return wildcard_of(host);
    if (name == "label") return std::string(host.substr(0, host.find('.')));
    if (name == "label-start") return std::string(host.substr(0, 1));
    if (name == "parent") return parent_of(host);
    if (name == "top-level-domain") return std::string(host.substr(host.rfind('.') + 1));
    if (name == "fullwidth-host") return fullwidth(host);
    if (name == "number") return std::to_string(number);
    return std::nullopt;
  };
  return startle::fill_in(text, value,
                          "{host}, {HOST}, {wildcard}, {label}, {label-start}, {parent}, "
                          "{top-level-domain}, {fullwidth-host}, {number}");
}

}  // namespace startle::certs
