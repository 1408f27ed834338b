#pragma once
// A fake SMTP submission server: one dialogue, well-behaved (RFC 5321, 3207, 4954, 6409, 8314)
// except where its script deviates. It offers AUTH only inside TLS, wants it before MAIL, knows
// users with passwords or certificates and the addresses they may send from, and records what it
// sees.

#include <array>
#include <memory>
#include <string_view>

#include "fake-servers/dialogue/protocol.h"
#include "fake-servers/dialogue/server.h"

namespace startle::fake {

inline constexpr std::array<std::string_view, 2> kUsualSmtpMechanisms{"PLAIN", "LOGIN"};

// `server` and `seen` must outlive it.
std::unique_ptr<Conversation> make_smtp_conversation(const Server& server, Observation& seen);

extern const ServerProtocol kSmtpProtocol;

}  // namespace startle::fake
