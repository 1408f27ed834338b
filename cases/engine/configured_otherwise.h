#pragma once
// A client of which nothing is known but what its server has seen may not be the one that a case
// speaks of: it is configured to another mode or mechanism, or has none of the mechanisms on offer.

#include <string>

#include "cases/engine/exchange.h"
#include "fake-servers/dialogue/observation.h"

namespace startle::cases {

// Why what it did is no answer to the case; a clause behind "the client .., ". Empty: nothing says
// that it is another client.
std::string configured_otherwise(const Exchange& exchange, const fake::Observation& seen);

}  // namespace startle::cases
