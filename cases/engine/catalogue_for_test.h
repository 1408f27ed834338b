#pragma once
// The tree's own catalogue and the clock that the tests of this folder use.

#include <chrono>
#include <string>

#include "cases/engine/catalogue.h"
#include "cases/engine/exchange.h"

namespace startle::cases {

inline constexpr std::chrono::sys_seconds kTestClock =
    std::chrono::sys_days{std::chrono::year{2030} / 6 / 15} + std::chrono::hours{12};

const Catalogue& tree_catalogue();
const Case& single_case(const std::string& id);
const Matrix& trust_matrix();

// What both ends of an exchange are told, and what is said about it: equal for the same exchange.
std::string everything_of(const Exchange& exchange);

}  // namespace startle::cases
