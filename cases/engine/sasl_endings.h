#pragma once
// What a login comes to where the server lies, hides or does not know: harness/oracle/README.md,
// "Mechanism", and the clauses that it names.

#include <optional>
#include <string>
#include <vector>

#include "cases/engine/exchange.h"
#include "harness/oracle/oracle.h"

namespace startle::cases {

// At `point`, AUTH or bind, where nothing else deviates; a success stands for going on. `answer` is
// the oracle's for a server that does not lie.
std::vector<words::Ending> login_endings(const Exchange& exchange, const oracle::Answer& answer,
                                         fake::Point point);

// The mechanism with which a client that knows them all begins, unless another is configured;
// nothing: there is none, or it is no matter of SASL.
std::optional<std::string> strongest_of(const Exchange& exchange,
                                        const std::vector<std::string>& offered);

// RFC 7677, 4: in TLS 1.2 without the extended master secret no -PLUS mechanism is begun.
bool has_nothing_to_bind_to(const Exchange& exchange);

}  // namespace startle::cases
