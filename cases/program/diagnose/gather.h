#pragma once
// Reads all that was given, looks at the servers that are in reach, and lays out the evidence of
// each server.

#include <optional>
#include <string>
#include <vector>

#include "cases/program/diagnose/diagnose_request.h"
#include "cases/program/diagnose/probe.h"
#include "harness/diagnosis/evidence.h"

namespace startle::program {

struct Gathered {
  diagnosis::Evidence evidence{};
  std::vector<StepResult> steps{};   // empty: nobody has looked at the server
  std::vector<std::string> chain{};  // told_certificates() of what is shown
};

// One for each server; one for a file that no product can start with. Throws Error(Fault::usage)
// and Error(Fault::input) for what was given and cannot be read.
// `kept`: of each connection to a server.
std::vector<Gathered> gather(const DiagnoseRequest& request, const Kept& kept = {});

}  // namespace startle::program
