#pragma once
// The built-in client and a real server: what it is told, the certificates that the server shows,
// one exchange over TCP in real time.

#include <memory>
#include <string>

#include "cases/program/real_server_for_test.h"
#include "certs/mint.h"
#include "harness/client/outcome.h"
#include "harness/client/settings.h"

namespace startle::cases {

// Of `recipe`, valid or not by the machine's clock: real servers have no other. Its host is the one
// of settings_for().
std::shared_ptr<const certs::Chain> chain_of(const std::string& recipe);
// For another host.
std::shared_ptr<const certs::Chain> chain_of(const std::string& recipe, const std::string& host);

// To a server that shows a chain of that authority and host; no credentials.
client::Settings settings_for(words::Mode mode);

// With the port of `server` that is for the mode; fails the test when it hangs.
client::Outcome exchange(const client::Settings& settings, const RealServer& server);

}  // namespace startle::cases
