#pragma once
// What `startle serve` prints on a terminal in place of its `ready` event.

#include <string>

#include "harness/report/json_value.h"

namespace startle::program {

// Six lines, and one with a command for bash that connects as the client should.
std::string ready_screen(const report::Json& ready);

// One line: why nothing came of a connection's TLS.
std::string handshake_line(const std::string& why);

}  // namespace startle::program
