#pragma once
// `--reply POINT=TEXT|CODE`: what a server says at one point of its dialogue.

#include <string>

#include "cases/program/serve_offer.h"
#include "fake-servers/dialogue/script.h"
#include "harness/words/words.h"

namespace startle::program {

// "starttls=454" taken apart. Throws Error(Fault::usage).
ServeRequest::Reply parse_reply(const std::string& given);

// SMTP: three digits are a CODE, anything else the TEXT of a reply line. LDAP: a whole number is a
// result code, anything else the response's octets, {hex:30..}. Both may hold the placeholders of a
// case ({host}, {secret}). A success at `starttls` is followed by TLS. `option` names it in
// complaints. Throws Error(Fault::usage) for a point the protocol lacks and for a malformed reply.
fake::Deviation deviation_of(const ServeRequest::Reply& reply, const cases::Exchange& exchange,
                             const std::string& option);

// "greeting, ehlo, .."
std::string points_of(words::Protocol protocol);

}  // namespace startle::program
