#pragma once
// What `startle list --coverage` prints: each requirement with what covers it or why nothing does,
// and in JSON also which defects each case fails.

#include <string>
#include <vector>

#include "cases/engine/catalogue.h"

namespace startle::program {

// Only the requirements that one of `globs` matches; none: all. Returns the exit code: kFindings
// where one is neither covered nor reasoned, or a defect is killed by no case that is meant to,
// which JSON alone runs for.
int list_coverage(const cases::Catalogue& catalogue, const std::vector<std::string>& globs,
                  bool json);

}  // namespace startle::program
