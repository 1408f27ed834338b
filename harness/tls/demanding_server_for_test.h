#pragma once
// A TLS 1.3 server that demands a client certificate and says by an alert that it got none, which
// its client hears when its own side of the handshake is over (RFC 8446, 4.4.2.4).

#include "harness/net/stream.h"
#include "harness/tls/credentials.h"

namespace startle::tls {

// One handshake on `stream`. Both must outlive the task.
net::Task<void> demand_certificate(net::Stream& stream, const ServerCredentials& credentials);

}  // namespace startle::tls
