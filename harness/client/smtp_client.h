#pragma once
// The GnuTLS STARTTLS client under test: one submission of one message (RFC 5321, 3207, 4954; with
// implicit TLS, RFC 8314, 3.3). When STARTTLS is demanded nothing goes in clear but EHLO, STARTTLS
// and QUIT.

#include "harness/client/decisions.h"
#include "harness/client/outcome.h"
#include "harness/client/process_state.h"
#include "harness/client/settings.h"
#include "harness/net/connect.h"
#include "harness/net/world.h"

namespace startle::client {

// `settings`, `decisions` and the rest must outlive the task. `state`: of the process that this is
// one exchange of; null: it is the only one.
net::Task<Outcome> submit(net::World& world, net::Connector& connector, const Settings& settings,
                          const Decisions& decisions, ProcessState* state = nullptr);

}  // namespace startle::client
