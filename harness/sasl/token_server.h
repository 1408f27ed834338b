#pragma once
// The server's half of the mechanisms that take a token, which GNU SASL lacks: OAUTHBEARER (RFC
// 7628) and XOAUTH2, as Google and Microsoft have it. A user's token stands where his password
// does.

#include <memory>

#include "harness/sasl/server_exchange.h"

namespace startle::sasl {

std::unique_ptr<ServerExchange> token_server(Mechanism mechanism, const ServerSide& side);

}  // namespace startle::sasl
