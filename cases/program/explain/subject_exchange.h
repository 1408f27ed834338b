#pragma once
// A case or a cell of a matrix as an exchange that is ready to be drawn: placeholders filled in.

#include <optional>
#include <string>

#include "cases/engine/catalogue.h"
#include "cases/engine/exchange.h"

namespace startle::program {

// nullopt: there is neither a case nor a cell of that id. A client of RFC 5280 and RFC 9525 alone
// (pkix) judges the certificate.
std::optional<cases::Exchange> exchange_of(const cases::Catalogue& catalogue,
                                           const std::string& id);

// What is right there: stated, or else what the rules say of the certificate.
cases::Expectation expected_of(const cases::Catalogue& catalogue, const cases::Exchange& exchange);

}  // namespace startle::program
