#pragma once
// The table of the protocols that a fake server speaks: the only place here that names every one.
// Another protocol is a folder beside smtp and ldap (its conversation, its recorder, its row) and a
// line in protocols.cc; its modes are rows of harness/words/protocol.h, and what does not compile
// until it has a row too are the clients (harness/subject/subject.cc) and the elements of a
// customer's file (harness/customer/schedule/attributes.cc).

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fake-servers/dialogue/protocol.h"
#include "fake-servers/dialogue/server.h"
#include "fake-servers/dialogue/transcript.h"
#include "fake-servers/dialogue/violations.h"

namespace startle::fake {

const ServerProtocol& server_protocol(words::Protocol protocol);

// In the protocol of the server's mode: serves `stream` until it ends; everything seen is added to
// `seen`. `server` and `seen` must outlive the task.
net::Task<void> serve(net::World& world, std::unique_ptr<net::Stream> stream, const Server& server,
                      Observation& seen);

// Of a client that was to speak the protocol of `demands.mode`.
std::vector<words::Invariant> violations(const Observation& seen, const Demands& demands);

// In the protocol that was spoken.
std::vector<std::string> transcript(const Observation& seen, std::string_view secret);

}  // namespace startle::fake
