#pragma once
// A fake LDAP server: one dialogue over a small directory, well-behaved (RFC 4511, 4513, 4532)
// except where its script deviates. It takes passwords only inside TLS, shows its users only to who
// is bound, and records what it sees.

#include <memory>
#include <string>

#include "fake-servers/dialogue/observation.h"
#include "fake-servers/dialogue/server.h"
#include "fake-servers/ldap/persona.h"
#include "harness/net/world.h"

namespace startle::fake {

struct LdapServer : Server {
  Persona persona = Persona::openldap;
  std::string base = "dc=example,dc=test";
  std::string referral{};             // {referral} of a script: the URL of the second listener
  bool anonymous_may_search = false;  // the directory is open to who is not bound, too
};

// Serves `stream` until it ends; everything seen is added to `seen`. `server` and `seen` must
// outlive the task.
net::Task<void> serve_ldap(net::World& world, std::unique_ptr<net::Stream> stream,
                           const LdapServer& server, Observation& seen);

// The second listener, to which a script refers the clients of `server`: the same directory without
// TLS, that takes whatever it is given. What it sees goes into the `referred_` members of `seen`.
net::Task<void> serve_referred(net::World& world, std::unique_ptr<net::Stream> stream,
                               const LdapServer& server, Observation& seen);

}  // namespace startle::fake
