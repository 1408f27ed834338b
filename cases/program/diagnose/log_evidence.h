#pragma once
// A customer's log, or a stack trace, as evidence.

#include <string>

#include "cases/program/diagnose/subjects.h"
#include "harness/diagnosis/evidence.h"

namespace startle::program {

struct LogEvidence {
  diagnosis::Logged logged{};
  Hints hints{};  // of the server
};

// `-`: standard input. Throws Error(Fault::input) where it cannot be read.
LogEvidence read_log_evidence(const std::string& file);

}  // namespace startle::program
