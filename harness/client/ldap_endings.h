#pragma once
// What a result code of an LDAP server means for the session, by operation (RFC 4511, A). A code
// that is not known is an error like any other (A.1), however many octets it has.

#include <string>

#include "harness/wire/ldap_message.h"
#include "harness/words/words.h"

namespace startle::client {

// A code other than success in answer to StartTLS (RFC 4511, 4.14.2): protocolError says that the
// server does not know it; busy that it may later.
words::Ending starttls_ending(const wire::LdapResult& result);

// A code other than success in answer to a bind (RFC 4511, 4.2.2; RFC 4513, 5 and 6). A referral is
// the word of a server that will not serve here (RFC 4511, 4.1.10). compareFalse, compareTrue and,
// to binds of one step, saslBindInProgress cannot stand here at all.
words::Ending bind_ending(const wire::LdapResult& result);

// The same of a SASL bind, in which the server may have stated an error before (RFC 5802, 7; RFC
// 7628, 3.2.2): it refuses the credentials then, with whatever code.
words::Ending sasl_bind_ending(const wire::LdapResult& result, bool error_stated);

// Of a search, or of the notice of disconnection (4.4.1).
words::Ending refusal_ending(const wire::LdapResult& result);

// Whether a search that ended with this code found what it could: success, sizeLimitExceeded
// (the client's own limit), or a referral, which is not followed.
bool is_answered(const wire::LdapResult& result);

// "busy (51) try again", printable and bounded: the text decides nothing (4.1.9).
std::string described(const wire::LdapResult& result);

}  // namespace startle::client
