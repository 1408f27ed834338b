#pragma once
// A dialogue as text for people, made of what an Observation holds: the only place where it is.

#include <string>
#include <string_view>
#include <vector>

#include "fake-servers/dialogue/observation.h"
#include "fake-servers/dialogue/protocol.h"

namespace startle::fake {

// "C: EHLO x", "S: 250 ..", "C (tls): ..", "referred S: ..", in order: what the client said as it
// was understood, what the server said write by write. The secret, and what is no printable ASCII,
// is replaced; a long line is cut and says so, and so do the last lines where anything else was.
std::vector<std::string> transcript(const Observation& seen, const ServerProtocol& protocol,
                                    std::string_view secret);

}  // namespace startle::fake
