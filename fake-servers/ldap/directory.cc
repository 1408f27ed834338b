#include "fake-servers/ldap/directory.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "fake-servers/dialogue/distinguished_name.h"
#include "harness/base/text.h"
#include "harness/wire/ldap_filter.h"

namespace startle::fake {
namespace {

using wire::LdapAttribute;
using wire::LdapSearchRequest;

struct Entry {
  std::string dn{};
  std::vector<LdapAttribute> attributes{};
  std::vector<LdapAttribute> operational{};  // shown when asked for (RFC 4512, 3.4)
};

bool in_scope(const Rdns& entry, const Rdns& base, wire::LdapScope scope) {
  if (!is_at_or_below(entry, base)) return false;
  if (scope == wire::LdapScope::whole_subtree) return true;
  return entry.size() - base.size() == (scope == wire::LdapScope::single_level ? 1U : 0U);
}

std::vector<Entry> entries_of(const LdapServer& server) {
  std::vector<Entry> all;
  all.push_back({.dn = server.base,
                 .attributes = {{"objectClass", {"top", "dcObject", "organization"}},
                                {"o", {"Example"}},
                                {"dc", {first_value(server.base)}}}});
  all.push_back(
      {.dn = "ou=people," + server.base,
       .attributes = {{"objectClass", {"top", "organizationalUnit"}}, {"ou", {"people"}}}});
  for (const User& user : server.users) {
    const std::string name = first_value(user.name);
    Entry entry{
        .dn = dn_of(server, user),
        .attributes = {{"objectClass", {"top", "person", "organizationalPerson", "inetOrgPerson"}},
                       {"uid", {name}},
                       {"cn", {name}},
                       {"sn", {name}}}};
    if (!user.senders.empty()) entry.attributes.push_back({"mail", user.senders});
    all.push_back(std::move(entry));
  }
  return all;
}

Entry root_dse(const LdapServer& server, const RootDseState& state) {
  const PersonaTraits& traits = traits_of(server.persona);
  std::vector<LdapAttribute> shown{{"namingContexts", {server.base}}};
  if (server.persona == Persona::active_directory) {
    shown.push_back({"defaultNamingContext", {server.base}});
    shown.push_back({"dnsHostName", {server.name}});
    shown.push_back({"supportedCapabilities", {"1.2.840.113556.1.4.800"}});
  }
  shown.push_back({"supportedControl", traits.controls});
  LdapAttribute extensions{"supportedExtension", {std::string(wire::kWhoAmIOid)}};
  if (state.offers_starttls) {
    extensions.values.insert(extensions.values.begin(), std::string(wire::kStartTlsOid));
  }
  shown.push_back(std::move(extensions));
  shown.push_back({"supportedLDAPVersion", {"3"}});
  if (!state.mechanisms.empty()) shown.push_back({"supportedSASLMechanisms", state.mechanisms});

  Entry entry{.attributes = {{"objectClass", traits.object_classes}}};
  auto& into = traits.shows_root_dse_unasked ? entry.attributes : entry.operational;
  into.insert(into.end(), shown.begin(), shown.end());
  return entry;
}

// RFC 4511, 4.5.1.8; "+" is RFC 3673.
wire::LdapSearchEntry selected(const Entry& entry, const LdapSearchRequest& request) {
  const auto asks = [&](std::string_view what) {
    return std::any_of(request.attributes.begin(), request.attributes.end(),
                       [&](const std::string& a) { return ascii_upper(a) == ascii_upper(what); });
  };
  wire::LdapSearchEntry chosen{.dn = entry.dn};
  const auto take = [&](const std::vector<LdapAttribute>& from, bool all) {
    for (const LdapAttribute& attribute : from) {
      if (!all && !asks(attribute.type)) continue;
      chosen.attributes.push_back(attribute);
      if (request.types_only) chosen.attributes.back().values.clear();
    }
  };
  take(entry.attributes, request.attributes.empty() || asks("*"));
  take(entry.operational, asks("+"));
  return chosen;
}

bool matches(const Entry& entry, const LdapSearchRequest& request) {
  std::vector<LdapAttribute> all = entry.attributes;
  all.insert(all.end(), entry.operational.begin(), entry.operational.end());
  return wire::ldap_filter_matches(request.filter, all) == wire::LdapTruth::true_;
}

wire::LdapResult no_such_object(const std::vector<Entry>& all, const Rdns& wanted) {
  wire::LdapResult result{.code = wire::kLdapNoSuchObject};
  std::size_t closest = 0;
  for (const Entry& entry : all) {
    const Rdns rdns = *rdns_of(entry.dn);
    if (rdns.size() <= closest || !is_at_or_below(wanted, rdns)) continue;
    closest = rdns.size();
    result.matched_dn = entry.dn;
  }
  return result;
}

}  // namespace

bool asks_root_dse(const LdapSearchRequest& request) {
  return request.base.empty() && request.scope == wire::LdapScope::base_object;
}

Found find_root_dse(const LdapServer& server, const RootDseState& state,
                    const LdapSearchRequest& request) {
  Found found;
  const Entry entry = root_dse(server, state);
  if (matches(entry, request)) found.entries.push_back(selected(entry, request));
  return found;
}

Found find_entries(const LdapServer& server, const LdapSearchRequest& request) {
  constexpr std::int64_t kInvalidDnSyntax = 34;
  constexpr std::int64_t kSizeLimitExceeded = 4;
  Found found;
  const std::optional<Rdns> base = rdns_of(request.base);
  if (!base) {
    found.result = {.code = kInvalidDnSyntax, .diagnostic = "the base is no DN"};
    return found;
  }
  const std::vector<Entry> all = entries_of(server);
  bool base_exists = base->empty();
  for (const Entry& entry : all) {
    const Rdns rdns = *rdns_of(entry.dn);
    base_exists = base_exists || rdns == *base;
    if (!in_scope(rdns, *base, request.scope) || !matches(entry, request)) continue;
    if (request.size_limit > 0 &&
        found.entries.size() == static_cast<std::size_t>(request.size_limit)) {
      found.result.code = kSizeLimitExceeded;
      return found;
    }
    found.entries.push_back(selected(entry, request));
  }
  if (!base_exists) found = {.result = no_such_object(all, *base)};
  return found;
}

std::string dn_of(const LdapServer& server, const User& user) {
  const std::optional<Rdns> rdns = rdns_of(user.name);
  if (rdns && !rdns->empty()) return user.name;
  return "uid=" + escaped_value(user.name) + ",ou=people," + server.base;
}

}  // namespace startle::fake
