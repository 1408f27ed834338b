#pragma once
// The names of a directory, as far as a mistake can be told from a name before any server has seen
// it.

#include <string_view>

namespace startle::customer {

// A distinguished name: RFC 4514, and what RFC 2253, 4 still lets be read (`;` for `,`, blanks
// around
// `,` `;` `+` and `=`, values in quotation marks, OID. before an OID). Empty: the root DSE. That
// an attribute type exists, or that a value suits it, is not looked at.
bool is_distinguished_name(std::string_view text);

// What a simple bind may be made with: a DN that is not empty, or one of the two short forms that
// Active Directory takes, user@domain and DOMAIN\user.
bool is_bind_name(std::string_view text);

}  // namespace startle::customer
