#pragma once
// A case drawn as a dialogue: what the server of its script says and does, and what a client that
// keeps the clauses says to it, up to where that ends. It is read off the script; no client is run.

#include <string>
#include <vector>

#include "cases/engine/exchange.h"
#include "cases/program/explain/dialogue_steps.h"

namespace startle::program {

// Of its first connection alone. `ending`: how the client ends there; `certificate`: what is said
// of the one that is shown, "`expired`: its validity ended yesterday".
std::vector<DrawnLine> drawn_dialogue(const cases::Exchange& exchange, words::Ending ending,
                                      const std::string& certificate);

}  // namespace startle::program
