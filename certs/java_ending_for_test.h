#pragma once
// What Java says of a certificate, in the words of a judgement.

#include <string>

#include "certs/disagreement_for_test.h"

namespace startle::certs {

// `result`: "accepted", or exceptions from the outermost to the cause, as `Class: message`, joined
// by ` <- `. Fails the running test where nothing in them is known here.
LibraryEnding java_ending(const std::string& result);

}  // namespace startle::certs
