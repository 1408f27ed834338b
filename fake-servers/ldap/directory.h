#pragma once
// The small directory behind a fake LDAP server: the root DSE, a base, its people. Looks up and
// filters entries as RFC 4511, 4.5.1 has it; who may see what is the server's business.

#include <string>
#include <vector>

#include "fake-servers/ldap/server.h"
#include "harness/wire/ldap_message.h"

namespace startle::fake {

// Of one dialogue, at this moment.
struct RootDseState {
  bool offers_starttls = false;
  std::vector<std::string> mechanisms{};  // supportedSASLMechanisms
};

struct Found {
  std::vector<wire::LdapSearchEntry> entries{};
  wire::LdapResult result{};
};

// An empty base and the scope base (RFC 4512, 5.1).
bool asks_root_dse(const wire::LdapSearchRequest& request);
Found find_root_dse(const LdapServer& server, const RootDseState& state,
                    const wire::LdapSearchRequest& request);
Found find_entries(const LdapServer& server, const wire::LdapSearchRequest& request);

// The DN of a user: the name, where that is one; else an entry below ou=people.
std::string dn_of(const LdapServer& server, const User& user);

}  // namespace startle::fake
