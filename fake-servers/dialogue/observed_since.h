#pragma once
// What of an observation is new: connections that were open before go on in it.

#include "fake-servers/dialogue/observation.h"

namespace startle::fake {

// `whole` is `before` and what came later. Without segments: a dialogue is told as a whole.
// Whatever is no count and no list is as it is at the end; what a handshake has brought counts
// where there was one.
Observation observed_since(const Observation& before, Observation whole);

}  // namespace startle::fake
