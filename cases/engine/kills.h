#pragma once
// Which cases each defect fails, so that no decision is taken for tested that is not.

#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/run.h"
#include "harness/subject/defect.h"
#include "harness/words/words.h"

namespace startle::cases {

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

// Runs every single case with the correct client and with each defect; with those that a
// certificate is meant for, every certificate too. Each defect is run in a process of its own, as
// many at once as `options` has jobs: one that computes for ever is left behind there. To be called
// while the caller has no other thread. Throws Error(Fault::system).
KillTable kill_table(const Catalogue& catalogue, RunOptions options);

}  // namespace startle::cases
