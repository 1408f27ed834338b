#pragma once
// Which cases cover each requirement, so that no clause is taken for tested that is not.

#include <string>
#include <vector>

#include "cases/engine/catalogue.h"

namespace startle::cases {

// By the cases that name it, or whose certificate's recipe does (of these the cell of the
// certificates' matrix that is at its base but for the certificate).
struct Coverage {
  const Requirement* requirement = nullptr;
  std::vector<std::string> cases{};  // ids, each of which runs; single cases first

  // Neither covered nor reasoned: the third state, which there is not to be.
  bool is_open() const { return cases.empty() && !requirement->out_of_scope; }
};

// One for each requirement, in their order.
std::vector<Coverage> coverage_of(const Catalogue& catalogue);

}  // namespace startle::cases
