#pragma once
// What is wrong inside a file that stands where Java looks for the store of a host.

#include <optional>
#include <string>

#include "harness/customer/home/home.h"
#include "harness/customer/home/home_remedy.h"

namespace startle::customer {

// Reads the content of `found.file`, `bytes`, into `found.store` and adds what is wrong with it to
// `found.diagnoses`. `password`: as find_host_store() has it.
void read_host_store(FoundStore& found, const Remedy& remedy, const std::string& bytes,
                     const std::optional<std::string>& password);

}  // namespace startle::customer
