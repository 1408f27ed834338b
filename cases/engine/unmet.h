#pragma once
// What an exchange is about may lie where its client never comes: nobody has to ask for a staple,
// to read a root DSE, or to search. Such a client is neither right about it nor wrong.

#include <string>

#include "cases/engine/exchange.h"
#include "fake-servers/dialogue/observation.h"

namespace startle::cases {

// Why the client has never met it, one or two clauses without a full stop; empty: it has, or it
// stopped on the way there, which is an ending like any other.
std::string never_met(const Exchange& exchange, const Expectation& expected,
                      const fake::Observation& seen);

// It says inside TLS what only who is logged in may say: a scripted answer to a login tells the
// server nothing of whom it let in.
bool takes_login_for_done(const fake::Observation& seen);

// The same of a client that may have been told to demand TLS where the exchange does without.
std::string may_demand_tls(const Exchange& exchange, const fake::Observation& seen);

// The same of one that refused a certificate, and asked for another host's (SNI).
std::string may_have_another_host(const Exchange& exchange, const fake::Observation& seen);

// Why a client may be right to go on: it cannot do what the exchange is about, or does not look at
// it, and is allowed not to; empty: it is not.
std::string may_do_less(const Exchange& exchange, const Expectation& expected,
                        const fake::Observation& seen);

// What a client knows, or was told, nobody tells a server: why one that began with another
// mechanism than the exchange is about, or with none, may be right; empty: it is not.
std::string may_lack_mechanism(const Exchange& exchange, const Expectation& expected,
                               const fake::Observation& seen);

}  // namespace startle::cases
