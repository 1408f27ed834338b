#pragma once
// The steps of a look at a server that whoever judges its chain fills in: path, identity, purpose,
// status.

#include <string>
#include <vector>

#include "cases/program/diagnose/probe.h"
#include "harness/diagnosis/evidence.h"

namespace startle::program {

// `staple` in a look: the OCSP response that came with the handshake. A step has failed where the
// stated reading of the evidence refuses the certificate for it.
void judge_steps(std::vector<StepResult>& steps, const diagnosis::Evidence& evidence,
                 const std::vector<std::string>& chain_der,
                 const std::optional<std::string>& staple);

}  // namespace startle::program
