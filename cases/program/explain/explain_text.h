#pragma once
// What a log says, for people.

#include <ostream>
#include <string>

#include "harness/messages/log_verdict.h"

namespace startle::program {

void write_explanation(const std::string& log, const messages::LogVerdict& verdict,
                       const messages::Signatures& signatures, std::ostream& out);

// Of a log in which nothing is known: that, and what it would need, without a full stop.
std::string why_unknown(const messages::LogVerdict& verdict);

}  // namespace startle::program
