#pragma once
// A small run that every kind of report is tried on: one verdict of each kind, two findings.

#include <string>
#include <vector>

#include "harness/report/reports.h"

namespace startle::report {

RunInfo run_for_test();
std::vector<Verdict> verdicts_for_test();
std::vector<Finding> findings_for_test();

// Everything a report of `verdicts` writes, counted by Tally; one warning, 1.5 s of wall time.
std::string written(Report& report, const std::ostream& out, const std::vector<Verdict>& verdicts,
                    const std::vector<Finding>& findings);

}  // namespace startle::report
