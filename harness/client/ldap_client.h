#pragma once
// The GnuTLS LDAP client under test: one session that binds, asks who it is and searches (RFC 4511,
// 4513, 4532), with StartTLS, with TLS from the first octet (ldaps), or in clear. When TLS is
// demanded nothing goes in clear but the reading of the root DSE, StartTLS and unbind.

#include "harness/client/decisions.h"
#include "harness/client/outcome.h"
#include "harness/client/process_state.h"
#include "harness/client/settings.h"
#include "harness/net/connect.h"
#include "harness/net/world.h"

namespace startle::client {

// `bound` when the server took the credential and the search was answered. `settings`, `decisions`
// and the rest must outlive the task. `state`: of the process that this is one exchange of; null:
// it is the only one.
net::Task<Outcome> bind_and_search(net::World& world, net::Connector& connector,
                                   const Settings& settings, const Decisions& decisions,
                                   ProcessState* state = nullptr);

}  // namespace startle::client
