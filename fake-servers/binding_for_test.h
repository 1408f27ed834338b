#pragma once
// The LDAP client under test against the fake directory, both in one world in memory.

#include "fake-servers/protocols.h"
#include "harness/client/outcome.h"
#include "harness/client/settings.h"

namespace startle::fake {

struct Binding {
  client::Settings settings{};
  Server server{};
};

// Well-behaved on both sides, `trust` = the host, under `pkix`: it is bound.
Binding binding_for_test(words::Mode mode, Script script = {});

struct Bound {
  client::Outcome outcome{};
  Observation seen{};
};

// Fails the test if either side waits for ever, if the client violates an invariant, and if it
// reports a success that the server knows nothing of.
Bound bind(const Binding& binding);

}  // namespace startle::fake
