#pragma once
// What `startle run` is asked for, as the engine and the reports take it.

#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/run.h"
#include "cases/engine/selection.h"
#include "cases/program/given_files.h"
#include "cases/program/run_request.h"
#include "harness/report/verdict.h"
#include "harness/subject/subject.h"

namespace startle::program {

// Without cases. Throws Error(Fault::usage) for a word that there is not.
cases::Plan plan_for(const RunRequest& request, const subject::Standing& client);

// Throws Error(Fault::input) where the catalogue has none.
const cases::Matrix& trust_matrix(const cases::Catalogue& catalogue);

struct CustomerPlan {
  std::vector<report::Warning> warnings{};  // that were told
  std::string cause{};                      // one line: customer_cause.h
  // Of each server that is asked for STARTTLS.
  std::vector<report::Consequences> consequences{};
};
// The customer's configuration: matrix/trust, once for each <smtp> and <ldap>, or for each --host.
CustomerPlan plan_customer(const RunRequest& request, const cases::Matrix& matrix,
                           cases::Plan& plan);

// A glob that selects nothing is a mistake, even beside one that selects something: says so, and
// returns the exit code.
int refuse_unmatched(const cases::Plan& plan, const cases::Catalogue& catalogue,
                     bool is_of_customer);

// What the command line, and what it names, says of which cases are run: that shards of one run
// have in common.
std::vector<std::string> selection_words(const RunRequest& request, const cases::Plan& plan);

// `files` is kept. Throws Error(Fault::usage).
cases::RunOptions options_of(const RunRequest& request, const GivenFiles& files,
                             const subject::Standing& client);

// All but what the plan says.
report::RunInfo info_of(const RunRequest& request, const subject::Subject& subject,
                        const cases::RunOptions& how);

}  // namespace startle::program
