#pragma once
// A key store that was found, as the rules and a run of the configuration take it.

#include <string>
#include <vector>

#include "cases/engine/customer_host.h"
#include "harness/customer/home/home.h"

namespace startle::program {

// One that is kept for the host.
cases::CustomerStore as_found(const customer::FoundStore& found);
// The Java runtime's own, where the host has none; `trusted_der`: what Java trusts of it.
cases::CustomerStore javas_as_found(const customer::FoundStore& found,
                                    const std::vector<std::string>& trusted_der);

}  // namespace startle::program
