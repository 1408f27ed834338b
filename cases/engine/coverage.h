#pragma once
// What the catalogue proves: which cases cover each requirement, and which cases each defect fails,
// so that neither a clause nor a decision is taken for tested that is not.

#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/run.h"
#include "harness/subject/defect.h"
#include "harness/words/words.h"

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

// A failure that a case gives a defect.
struct Kill {
  std::string id{};  // of the case
  words::Severity severity = words::Severity::note;
  std::string finding{};
  // The case is there for clients of this bug class: it, or its certificate's recipe, says so.
  // Other kills are by accident, and a defect needs one that is not.
  bool meant = false;
};

struct Kills {
  const subject::Defect* defect = nullptr;
  std::vector<Kill> by{};
};

struct KillTable {
  std::vector<std::string> failed_by_correct{};  // what may prove nothing; to be empty
  std::vector<Kills> defects{};                  // in the order of subject::defects()
};

// Runs every single case, and of the matrices each certificate and what no single case states, with
// the correct client and with each defect.
KillTable kill_table(const Catalogue& catalogue, const RunOptions& options);

}  // namespace startle::cases
