#pragma once
// What tells the personas of an LDAP server apart: how lengths are encoded, what the root DSE
// holds, which words a refusal has.

#include <string>
#include <string_view>
#include <vector>

#include "fake-servers/dialogue/server.h"
#include "harness/wire/ldap_message.h"

namespace startle::fake {

struct PersonaTraits {
  wire::BerLengths lengths = wire::BerLengths::shortest;
  bool names_starttls = false;          // the response to StartTLS has its responseName
  bool shows_root_dse_unasked = false;  // its attributes are no operational ones
  wire::LdapResult needs_tls{};         // to a password in clear
  wire::LdapResult needs_bind{};        // to an anonymous search of the directory
  wire::LdapResult wrong_credentials{};
  wire::LdapResult name_without_password{};  // RFC 4513, 5.1.2
  // Root DSE (RFC 4512, 5.1)
  std::vector<std::string> object_classes{};
  std::vector<std::string> controls{};    // those that may be critical; all of them change nothing
  std::vector<std::string> mechanisms{};  // in every state; empty: EXTERNAL once it would work
};

const PersonaTraits& traits_of(Persona persona);

}  // namespace startle::fake
