#pragma once
// What a server of a customer shows, judged by the rules under each trust model and each meaning of
// a store that there is.

#include <vector>

#include "cases/engine/case.h"
#include "cases/engine/selection.h"
#include "harness/report/verdict.h"

namespace startle::program {

// `matrix`: for_customer() of a host that shows something. `plan`: whose models, mode and TLS
// policy count.
std::vector<report::Verdict> shown_verdicts(const cases::Matrix& matrix, const cases::Plan& plan);

}  // namespace startle::program
