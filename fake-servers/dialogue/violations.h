#pragma once
// The invariants, judged from a server's side alone: what no client may do, whatever else is
// expected of it.

#include <string>
#include <vector>

#include "fake-servers/dialogue/observation.h"
#include "fake-servers/dialogue/protocol.h"
#include "harness/words/words.h"

namespace startle::fake {

// What the client's settings and the oracle demand.
struct Demands {
  // Where it demands TLS, outside it nothing but finding out what is offered and asking for TLS;
  // where TLS is implicit, nothing at all.
  words::Mode mode = words::Mode::smtp_starttls;
  // The user lets the session go on in clear where STARTTLS is not to be had. Once a handshake has
  // begun it was.
  bool may_be_in_clear = false;
  bool refuse_server = false;  // the only right endings are certificate endings
  std::string secret{};        // the canary; empty: none
};

std::vector<words::Invariant> violations(const Observation& seen, const Demands& demands,
                                         const ServerProtocol& protocol);

}  // namespace startle::fake
