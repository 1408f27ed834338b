#include "fake-servers/ldap/directory.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "fake-servers/dialogue/distinguished_name.h"
#include "fake-servers/ldap/persona.h"
#include "fake-servers/sasl/conversation.h"
#include "harness/base/text.h"
#include "harness/sasl/password.h"
#include "harness/wire/ldap_filter.h"

namespace startle::fake {
namespace {

using wire::LdapAttribute;
using wire::LdapSearchRequest;

struct DirectoryEntry {
  std::string dn{};
  std::vector<LdapAttribute> attributes{};
  std::vector<LdapAttribute> operational{};  // shown when asked for (RFC 4512, 3.4)
};

bool in_scope(const Rdns& entry, const Rdns& base, wire::LdapScope scope) {
  if (!is_at_or_below(entry, base)) return false;
  if (scope == wire::LdapScope::whole_subtree) return true;
  return entry.size() - base.size() == (scope == wire::LdapScope::single_level ? 1U : 0U);
}

std::vector<DirectoryEntry> entries_of(const Server& server) {
  std::vector<DirectoryEntry> all;
  all.push_back({.dn = server.directory.base,
                 .attributes = {{"objectClass", {"top", "dcObject", "organization"}},
                                {"o", {"Example"}},
                                {"dc", {first_value(server.directory.base)}}}});
  all.push_back(
      {.dn = "ou=people," + server.directory.base,
       .attributes = {{"objectClass", {"top", "organizationalUnit"}}, {"ou", {"people"}}}});
  for (const User& user : server.users) {
    const std::string name = first_value(user.name);
    DirectoryEntry entry{
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

DirectoryEntry root_dse(const Server& server, const RootDseState& state) {
  const PersonaTraits& traits = traits_of(server.directory.persona);
  std::vector<LdapAttribute> shown{{"namingContexts", {server.directory.base}}};
  if (server.directory.persona == Persona::active_directory) {
    shown.push_back({"defaultNamingContext", {server.directory.base}});
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

  DirectoryEntry entry{.attributes = {{"objectClass", traits.object_classes}}};
  auto& into = traits.shows_root_dse_unasked ? entry.attributes : entry.operational;
  into.insert(into.end(), shown.begin(), shown.end());
  return entry;
}

// RFC 4511, 4.5.1.8; "+" is RFC 3673.
wire::LdapSearchEntry selected(const DirectoryEntry& entry, const LdapSearchRequest& request) {
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

bool matches(const DirectoryEntry& entry, const LdapSearchRequest& request) {
  std::vector<LdapAttribute> all = entry.attributes;
  all.insert(all.end(), entry.operational.begin(), entry.operational.end());
  return wire::ldap_filter_matches(request.filter, all) == wire::LdapTruth::true_;
}

wire::LdapResult no_such_object(const std::vector<DirectoryEntry>& all, const Rdns& wanted) {
  wire::LdapResult result{.code = wire::kLdapNoSuchObject};
  std::size_t closest = 0;
  for (const DirectoryEntry& entry : all) {
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

SearchResult find_root_dse(const Server& server, const RootDseState& state,
                           const LdapSearchRequest& request) {
  SearchResult found;
  const DirectoryEntry entry = root_dse(server, state);
  if (matches(entry, request)) found.entries.push_back(selected(entry, request));
  return found;
}

SearchResult find_entries(const Server& server, const LdapSearchRequest& request) {
  constexpr std::int64_t kInvalidDnSyntax = 34;
  constexpr std::int64_t kSizeLimitExceeded = 4;
  SearchResult found;
  const std::optional<Rdns> base = rdns_of(request.base);
  if (!base) {
    found.result = {.code = kInvalidDnSyntax, .diagnostic = "the base is no DN"};
    return found;
  }
  const std::vector<DirectoryEntry> all = entries_of(server);
  bool base_exists = base->empty();
  for (const DirectoryEntry& entry : all) {
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

std::string dn_of(const Server& server, const User& user) {
  const std::optional<Rdns> rdns = rdns_of(user.name);
  if (rdns && !rdns->empty()) return user.name;
  return "uid=" + escaped_value(user.name) + ",ou=people," + server.directory.base;
}

const User* user_called(const Server& server, const std::string& name) {
  const auto& users = server.users;
  const auto user = std::find_if(users.begin(), users.end(), [&](const User& u) {
    return is_called(u.name, name) || is_called(first_value(u.name), name);
  });
  return user == users.end() ? nullptr : &*user;
}

const User* owner_of(const Server& server, const wire::LdapBindRequest& bind) {
  const auto* simple = std::get_if<wire::SimpleBind>(&bind.authentication);
  if (simple == nullptr || simple->password.empty()) return nullptr;
  const auto& users = server.users;
  const auto user = std::find_if(users.begin(), users.end(), [&](const User& u) {
    return sasl::is_same_prepared(u.password, simple->password) &&
           (u.name == bind.name || same_dn(dn_of(server, u), bind.name));
  });
  return user == users.end() ? nullptr : &*user;
}

bool is_bind_name(const Server& server, std::string_view name) {
  return server.directory.persona == Persona::active_directory || rdns_of(name);
}

bool stands_for(const Server& server, const User& user, std::string_view authorization_id) {
  if (authorization_id.empty()) return true;
  if (authorization_id.starts_with("dn:")) {
    return same_dn(authorization_id.substr(3), dn_of(server, user));
  }
  return authorization_id == "u:" + first_value(user.name);
}

}  // namespace startle::fake
