#include "harness/client/ldap_decisions.h"

#include <algorithm>

#include "harness/wire/ascii.h"

namespace startle::client {
namespace {

bool holds(const std::vector<std::string>& values, std::string_view wanted) {
  return std::find(values.begin(), values.end(), wanted) != values.end();
}

}  // namespace

void RootDse::take(const wire::LdapSearchEntry& entry) {
  for (const wire::LdapAttribute& attribute : entry.attributes) {
    const std::string type = wire::upper_case(attribute.type);
    std::vector<std::string>* into = nullptr;
    if (type == "SUPPORTEDEXTENSION") into = &extensions;
    if (type == "SUPPORTEDSASLMECHANISMS") into = &mechanisms;
    if (into != nullptr) {
      into->insert(into->end(), attribute.values.begin(), attribute.values.end());
    }
  }
}

bool RootDse::offers_starttls() const {
  return holds(extensions, wire::kStartTlsOid);
}

bool RootDse::offers_sasl(std::string_view mechanism) const {
  return holds(mechanisms, mechanism);
}

GoAhead LdapDecisions::go_ahead(const wire::LdapMessage& response) const {
  const auto* extended = std::get_if<wire::LdapExtendedResponse>(&response.operation);
  // RFC 4511, 4.12: a name may be left out, but not be another's.
  if (extended == nullptr || (extended->name && *extended->name != wire::kStartTlsOid)) {
    return GoAhead::wrong;
  }
  return extended->result.code == wire::kLdapSuccess ? GoAhead::given : GoAhead::refused;
}

std::optional<BindMethod> LdapDecisions::bind_method(const RootDse& offered, bool inside_tls,
                                                     const Settings& settings) const {
  if (settings.mechanism) {
    if (inside_tls && offered.offers_sasl(*settings.mechanism)) return BindMethod::external;
    return std::nullopt;
  }
  if (settings.username.value_or("").empty()) return BindMethod::anonymous;
  if (inside_tls) return BindMethod::simple;
  return std::nullopt;
}

}  // namespace startle::client
