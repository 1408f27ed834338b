#include "harness/oracle/reference_identity.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/oracle/host_name.h"
#include "harness/oracle/oracle.h"

namespace startle::oracle {
namespace {

// RFC 9525, 6.3. The presented name must be a host name, or one below a left-most label `*`; so a
// name with NUL, `_` or any other such byte, a partial or second wildcard, or a final dot is none.
Match match_dns(std::string_view reference, std::string_view presented) {
  if (!presented.starts_with("*.")) {
    return is_host_name(presented) && equal_ignoring_case(reference, presented) ? Match::yes
                                                                                : Match::no;
  }
  const std::string_view below = presented.substr(2);
  const std::size_t dot = reference.find('.');
  if (!is_host_name(below) || dot == std::string_view::npos ||
      !equal_ignoring_case(reference.substr(dot + 1), below)) {
    return Match::no;
  }
  return below.find('.') == std::string_view::npos ? Match::debatable : Match::yes;
}

}  // namespace

Match match(std::string_view written, const PresentedIdentity& presented) {
  const std::string reference = presented_form(written);
  Match best = Match::no;
  if (const auto octets = address_octets(reference)) {  // RFC 9525, 6.4: compared by value
    for (const std::string& address : presented.ip_addresses) {
      if (address_octets(address) == octets) best = Match::yes;
    }
    return best;
  }
  const std::string_view name = without_final_dot(reference);
  if (!is_host_name(name)) return Match::no;
  for (const std::string& dns_name : presented.dns_names) {
    best = std::max(best, match_dns(name, dns_name));
  }
  return best;
}

bool matches(const std::string& reference, const PresentedIdentity& presented) {
  return match(reference, presented) != Match::no;
}

}  // namespace startle::oracle
