#include "harness/client/ldap_decisions.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/client/ldap_endings.h"

namespace startle::client {
namespace {

bool holds(const std::vector<std::string>& values, std::string_view wanted) {
  return std::find(values.begin(), values.end(), wanted) != values.end();
}

}  // namespace

void RootDse::take(const wire::LdapSearchEntry& entry) {
  for (const wire::LdapAttribute& attribute : entry.attributes) {
    const std::string type = ascii_upper(attribute.type);
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

GoAhead LdapDecisions::go_ahead(const wire::LdapMessage& response) const {
  const auto* extended = std::get_if<wire::LdapExtendedResponse>(&response.operation);
  // RFC 4511, 4.12: a name may be left out, but not be another's.
  if (extended == nullptr || (extended->name && *extended->name != wire::kStartTlsOid)) {
    return GoAhead::wrong;
  }
  return extended->result.code == wire::kLdapSuccess ? GoAhead::given : GoAhead::refused;
}

words::Ending LdapDecisions::bind_refusal(const wire::LdapResult& result) const {
  return bind_ending(result);
}

std::optional<BindMethod> LdapDecisions::bind_method(bool inside_tls,
                                                     const Settings& settings) const {
  if (!settings.mechanism && settings.username.value_or("").empty()) return BindMethod::anonymous;
  if (!inside_tls && !settings.may_do_without_tls()) return std::nullopt;
  return settings.mechanism ? BindMethod::sasl : BindMethod::simple;
}

}  // namespace startle::client
