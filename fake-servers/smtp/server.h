#pragma once
// A fake SMTP submission server: one dialogue, well-behaved (RFC 5321, 3207, 4954, 6409, 8314)
// except where its script deviates. It offers AUTH only inside TLS, wants it before MAIL, knows
// users with passwords or certificates and the addresses they may send from, and records what it
// sees.

#include <memory>

#include "fake-servers/dialogue/observation.h"
#include "fake-servers/dialogue/server.h"
#include "harness/net/world.h"

namespace startle::fake {

using SmtpServer = Server;

// Serves `stream` until it ends; everything seen is added to `seen`. `server` and `seen` must
// outlive the task.
net::Task<void> serve_smtp(net::World& world, std::unique_ptr<net::Stream> stream,
                           const SmtpServer& server, Observation& seen);

}  // namespace startle::fake
