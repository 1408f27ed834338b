#pragma once
// The invariants, judged from a server's side alone: what no client may do, whatever else is
// expected of it.

#include <string>
#include <vector>

#include "fake-servers/observation.h"
#include "harness/policy/words.h"

namespace startle::fake {

// What the client's settings and the oracle demand.
struct Demands {
  bool tls = true;             // nothing but EHLO, STARTTLS, QUIT and their like outside TLS
  bool refuse_server = false;  // the only right endings are certificate endings
  std::string secret{};        // the canary; empty: none
};

std::vector<policy::Invariant> violations(const Observation& seen, const Demands& demands);

}  // namespace startle::fake
