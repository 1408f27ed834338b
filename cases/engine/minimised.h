#pragma once
// The least of a composition that a client and the oracle still disagree about.

#include <functional>

#include "cases/engine/composition.h"

namespace startle::cases {

// Drops deviations, steps and settings one at a time, as long as `disagrees` says so of what is
// left, which is always what a case may state. `given` disagrees.
Composition minimised(Composition given, const std::function<bool(const Composition&)>& disagrees);

// Whether a case may state it.
bool is_valid(const Setup& setup);

}  // namespace startle::cases
