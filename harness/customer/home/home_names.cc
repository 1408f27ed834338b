#include "harness/customer/home/home_names.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "harness/base/edit_distance.h"
#include "harness/base/text.h"

namespace startle::customer {
namespace {

constexpr std::string_view kExtension = ".ks";

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string without_digits(std::string_view text) {
  std::string rest(text);
  std::erase_if(rest, is_digit);
  return rest;
}

bool is_address(std::string_view base) {
  return base.find_first_not_of("0123456789.") == std::string_view::npos ||
         (std::count(base.begin(), base.end(), ':') > 1 &&
          base.find_first_not_of("0123456789abcdef:.") == std::string_view::npos);
}

// `base` is `host` with nothing but a port behind it.
bool names_port(std::string_view base, std::string_view host) {
  if (!base.starts_with(host) || base.size() == host.size()) return false;
  const std::string_view behind = base.substr(host.size());
  return std::string_view(":_-").find(behind[0]) != std::string_view::npos &&
         is_digits(behind.substr(1));
}

Miss miss_of(std::string_view base, std::string_view host) {
  if (base == host) return Miss::letter_case;
  const std::size_t first = base.find_first_not_of(" \t");
  const std::size_t last = base.find_last_not_of(" \t.");
  if (first != std::string_view::npos && last != std::string_view::npos &&
      base.substr(first, last + 1 - first) == host) {
    return Miss::padding;
  }
  if (names_port(base, host)) return Miss::port;
  if (is_address(host)) return Miss::another;
  if (is_address(base)) return Miss::address;
  if (host.starts_with(std::string(base) + ".")) return Miss::short_name;
  if (base.starts_with(std::string(host) + ".")) return Miss::longer_name;
  // mail1 and mail2 are two.
  const bool numbered = without_digits(base) == without_digits(host);
  return !numbered && slips(host, base) > 0 ? Miss::slip : Miss::another;
}

std::optional<Miss> judge(const std::string& name, const std::string& host) {
  const std::string lower = ascii_lower(name);
  if (lower.size() > kExtension.size() && lower.ends_with(kExtension)) {
    return miss_of(std::string_view(lower).substr(0, lower.size() - kExtension.size()), host);
  }
  if (lower == host || lower.starts_with(host + ".")) return Miss::extension;
  return std::nullopt;
}

}  // namespace

std::vector<NearMiss> near_misses(const std::string& host, const std::vector<std::string>& names,
                                  const std::vector<std::string>& other_hosts) {
  const auto belongs_to = [](const std::string& name) {
    return [&name](const std::string& owner) {
      return name.size() == owner.size() + kExtension.size() && name.starts_with(owner) &&
             name.ends_with(kExtension);
    };
  };
  const std::string wanted = ascii_lower(host);
  std::vector<NearMiss> found;
  for (const std::string& name : names) {
    if (belongs_to(name)(host)) continue;
    if (std::any_of(other_hosts.begin(), other_hosts.end(), belongs_to(name))) continue;
    if (const auto miss = judge(name, wanted)) found.push_back({*miss, name});
  }
  std::sort(found.begin(), found.end(), [](const NearMiss& a, const NearMiss& b) {
    return std::tie(a.miss, a.name) < std::tie(b.miss, b.name);
  });
  return found;
}

std::string_view reason_of(Miss miss) {
  switch (miss) {
    case Miss::letter_case:
      return "its name differs in letter case";
    case Miss::padding:
      return "its name has a dot or a blank too many";
    case Miss::port:
      return "its name has the port in it";
    case Miss::extension:
      break;
    case Miss::short_name:
      return "its name is the short one of the host";
    case Miss::longer_name:
      return "its name is longer than that of the configured host";
    case Miss::slip:
      return "its name is a slip of the pen away from the host's";
    case Miss::address:
      return "its name is an IP address";
    case Miss::another:
      return "its name is that of another host";
  }
  return "";
}

}  // namespace startle::customer
