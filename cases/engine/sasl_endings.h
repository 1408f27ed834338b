#pragma once
// What a login comes to where the server lies, hides or does not know: harness/oracle/README.md,
// "Mechanism", and the clauses that it names.

#include <vector>

#include "cases/engine/exchange.h"
#include "harness/oracle/oracle.h"

namespace startle::cases {

// At `point`, AUTH or bind, where nothing else deviates; a success stands for going on. `answer` is
// the oracle's for a server that does not lie.
std::vector<words::Ending> login_endings(const Exchange& exchange, const oracle::Answer& answer,
                                         fake::Point point);

}  // namespace startle::cases
