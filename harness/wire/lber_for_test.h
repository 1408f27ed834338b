#pragma once
// The same messages, read and written by OpenLDAP's liblber as its users do it: a second opinion.

#include <optional>
#include <string>
#include <string_view>

#include "harness/wire/ldap_message.h"

namespace startle::wire {

// The message that `bytes` are, as far as liblber looks: it does not compare the tags of strings
// and numbers, and what follows the known components is skipped. nullopt when it fails.
std::optional<LdapMessage> read_by_lber(std::string_view bytes);

// The message as ber_printf writes it; a criticality that is the default is left out.
std::string written_by_lber(const LdapMessage& message, BerLengths lengths);

// Whether all numbers of the message fit liblber's ber_int_t, of 32 bits.
bool fits_lber(const LdapMessage& message);

}  // namespace startle::wire
