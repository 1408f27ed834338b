#pragma once
// Whether a client comes to what an exchange is about: what it cannot be told, or cannot do, is
// never held against it.

#include <string>

#include "cases/engine/exchange.h"
#include "certs/recipe.h"
#include "harness/subject/subject.h"

namespace startle::cases {

// Why the client would not meet the exchange, or the recipe's flaw; empty: it would.
std::string why_not(const subject::Subject& subject, const certs::Recipe& recipe,
                    const Exchange& exchange);

}  // namespace startle::cases
