#pragma once
// A case that races: what comes of it depends on how the octets of both ends meet on their way, and
// neither end can force that. Over TCP it is tried several times, so that its verdict is no matter
// of chance.

#include <functional>

#include "cases/engine/judge.h"

namespace startle::cases {

inline constexpr int kTries = 5;

// The worst of what `one` comes to, in kTries tries at most: it is called no more once it has
// waited for a client that hung, or was a skip that met nobody. Of those that are as bad, the one
// whose words come first. A failure's reason says in how many tries it was seen. `races`: why the
// case is one, as the catalogue has it.
Judgement worst_of_tries(const std::function<Judgement()>& one, const std::string& races);

}  // namespace startle::cases
