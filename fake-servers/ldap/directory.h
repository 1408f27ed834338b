#pragma once
// The small directory behind a fake LDAP server: the root DSE, a base, its people. Looks up and
// filters entries as RFC 4511, 4.5.1 has it; who may see what is the server's business.

#include <string>
#include <string_view>
#include <vector>

#include "fake-servers/dialogue/server.h"
#include "harness/wire/ldap_message.h"

namespace startle::fake {

// Of one dialogue, at this moment.
struct RootDseState {
  bool offers_starttls = false;
  std::vector<std::string> mechanisms{};  // supportedSASLMechanisms
};

struct SearchResult {
  std::vector<wire::LdapSearchEntry> entries{};
  wire::LdapResult result{};
};

// An empty base and the scope base (RFC 4512, 5.1).
bool asks_root_dse(const wire::LdapSearchRequest& request);
SearchResult find_root_dse(const Server& server, const RootDseState& state,
                           const wire::LdapSearchRequest& request);
SearchResult find_entries(const Server& server, const wire::LdapSearchRequest& request);

// The DN of a user: the name, where that is one; else an entry below ou=people.
std::string dn_of(const Server& server, const User& user);

// The user of this name in SASL; null: nobody.
const User* user_called(const Server& server, const std::string& name);
// The user whose name and password a simple bind has; null: nobody's.
const User* owner_of(const Server& server, const wire::LdapBindRequest& bind);
// RFC 4511, 4.2: a name is a DN; Active Directory takes others too.
bool is_bind_name(const Server& server, std::string_view name);
// RFC 4513, 5.2.1.8
bool stands_for(const Server& server, const User& user, std::string_view authorization_id);

}  // namespace startle::fake
