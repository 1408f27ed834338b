#pragma once
// Which endings the clauses leave open to a client that keeps them, where the server's script
// deviates. The oracle answers for a server that behaves; this walks through the script, point by
// point in the order of the dialogue, with that answer:
//
//   * configuration-error is decided before anything is said: the script changes nothing.
//   * What a point without a deviation comes to is the oracle's: the certificate behind the
//     go-ahead (or first), the credential at AUTH or bind, the sender at MAIL.
//   * A whole reply decides by its code. SMTP (RFC 5321, 4.2.1 and 4.3.2; RFC 3207, 4; RFC 4954,
//   6):
//     the code that the command asks for goes on; 421 is throttled everywhere (3.8); another 2yz or
//     3yz is a protocol-error; 4yz and 5yz refuse what was asked for. LDAP (RFC 4511, A; 4.14.2):
//     by the result code, as harness/oracle/README.md has it.
//   * What is no reply of the protocol, and what stands behind a whole one unasked, leaves open how
//     it is taken: every ending of the dialogue, but never a success that the server knows nothing
//     of, which the judge sees (RFC 5321, 4.2; RFC 4511, 4.1.1.1 and 5.2).
//   * Nothing more is said: the next wait ends as connection-lost behind a close or reset, as
//   timeout
//     behind silence or a pause longer than RFC 5321, 4.5.3.2 asks for.
//   * TLS is never skipped: without a go-ahead and a handshake no ending lies behind the
//   certificate,
//     and with a certificate that the oracle refuses no success does (RFC 3207, 4.1; RFC
//     4513, 3.1).
//   * A certificate on the path that is badly encoded may end a handshake of TLS 1.2 alone, though
//     the client would not look at it (RFC 5246, 7.2.2: bad_certificate, decode_error).
//   * What comes behind the answer to the message, or to the search, changes nothing (RFC 5321,
//     4.1.1.10; RFC 4511, 4.3).
//   * A lie in SASL, where nothing else deviates, ends as README.md, "Mechanism", has it.

#include "cases/engine/exchange.h"
#include "harness/oracle/oracle.h"

namespace startle::cases {

// Whether the server does anything of which the oracle knows nothing.
bool deviates(const Exchange& exchange);

// Of an exchange that deviates, by a server that shows `facts`; `answer` is the oracle's for one
// that does not deviate.
Expectation possible_endings(const Exchange& exchange, const oracle::Facts& facts,
                             const oracle::Answer& answer);

// Whether it is known here what a client makes of words at that point: not of a server of LDAP that
// speaks before it is asked, nor of what follows HELO.
bool has_rules(words::Mode mode, fake::Point point);

}  // namespace startle::cases
