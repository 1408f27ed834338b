#pragma once
// What an LDAP client asks for, and what a search has brought.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/client/ldap_decisions.h"
#include "harness/wire/ldap_message.h"

namespace startle::client {

struct Found {
  wire::LdapResult result{};
  std::size_t entries = 0;
  RootDse root_dse{};                     // of the entry without a name
  std::vector<std::string> references{};  // kMostReferences at most
};
inline constexpr std::size_t kMostReferences = 16;
inline constexpr std::int64_t kMostEntries = 1000;  // asked for

inline wire::LdapSearchRequest root_dse_request() {
  return {.base = "",
          .scope = wire::LdapScope::base_object,
          .size_limit = 1,
          .filter = "\x87\x0bobjectClass",  // (objectClass=*)
          .attributes = {"supportedExtension", "supportedSASLMechanisms"}};
}

}  // namespace startle::client
