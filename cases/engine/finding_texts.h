#pragma once
// What a finding means for a person: why it matters and what to do about it.

#include <string>
#include <string_view>

#include "cases/engine/catalogue.h"
#include "cases/engine/exchange.h"
#include "harness/report/verdict.h"
#include "harness/words/words.h"

namespace startle::cases {

// "the secret went out in clear"
std::string_view what_happened(words::Invariant invariant);

// What a client that fails here exposes its user to.
std::string why_it_matters(const Exchange& exchange, const Expectation& expected);

// Fills in `requirements` and `clauses`: of a single case its own; of a cell those that its
// certificate exposes; where there are none, the clause that its certificate names or, where
// nothing is wrong with that, its matrix's. A clause is "RFC 3207, 4 (RFC3207-4-a): RULE".
void state_clauses(report::Finding& finding, const Exchange& exchange, const Catalogue& catalogue);

// Fills in `why` and `fix`: a single case's own words, or those of what it found.
void explain(report::Finding& finding, const Exchange& exchange, const Expectation& expected);

}  // namespace startle::cases
