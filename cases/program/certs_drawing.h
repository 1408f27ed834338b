#pragma once
// `startle certs show`: a recipe as a page of text. The chain as a tree from the root down to the
// end entity, what is wrong, the facts, what clients make of it, and how to serve it.

#include <string>

#include "certs/recipe.h"

namespace startle::program {

// `color`: with the escapes of a terminal.
std::string drawing_of(const certs::Recipe& recipe, const std::string& kind,
                       const std::string& host, bool color);

}  // namespace startle::program
