#pragma once
// A case as the XML that the reader takes for the same one: what it deviates in and nothing else.

#include <string>

#include "cases/engine/case.h"

namespace startle::cases {

// `note`: a comment at its head, without `--`; empty: none. What no fuzz composes (faults below the
// protocol, several connections, an expectation under another policy) is not written:
// Error(internal) for what would be another case without it.
std::string case_xml(const Case& written, const std::string& note = "");

}  // namespace startle::cases
