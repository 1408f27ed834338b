#pragma once
// Why a handshake came to nothing, as a server tells a person who looks after its clients.

#include <string>

#include "fake-servers/dialogue/observation.h"
#include "harness/tls/session.h"

namespace startle::fake {

// "the client refused the certificate: alert 48, unknown_ca (it does not trust who issued it)".
// Empty: the handshake was completed.
std::string told_handshake(const tls::HandshakeResult& result, const tls::Session& session);

// Of a client that sent this alert, by name.
std::string told_refusal(const std::string& alert);

// Writes down how a handshake ended: that, the server's alert, and where it failed by itself.
void note_handshake(const tls::HandshakeResult& result, const tls::Session& session,
                    Observation& seen);

}  // namespace startle::fake
