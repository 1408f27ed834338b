#pragma once
// Why the certificates beside a chain contradict it: loops of issuers, keys and subjects that
// nobody has. Part of contradiction().

#include <string>

#include "certs/recipe.h"

namespace startle::certs {

// Empty when they can be made. The chain is one that can.
std::string about_extras(const Recipe& recipe);

}  // namespace startle::certs
