#pragma once
// A fake LDAP server: one dialogue over a small directory, well-behaved (RFC 4511, 4513, 4532)
// except where its script deviates. It takes passwords only inside TLS, shows its users only to who
// is bound, and records what it sees.

#include <memory>

#include "fake-servers/dialogue/protocol.h"
#include "fake-servers/dialogue/server.h"

namespace startle::fake {

// `server` and `seen` must outlive it.
std::unique_ptr<Conversation> make_ldap_conversation(const Server& server, Observation& seen);

extern const ServerProtocol kLdapProtocol;

// The second listener, to which a script refers the clients of `server`: the same directory without
// TLS, that takes whatever it is given. What it sees goes into the `referred_` members of `seen`.
net::Task<void> serve_referred(net::World& world, std::unique_ptr<net::Stream> stream,
                               const Server& server, Observation& seen);

}  // namespace startle::fake
