#pragma once
// The client's half of SCRAM (RFC 5802; RFC 7677). Not libgsasl's: with a channel binding at hand
// that of 2.2.0 ends in an error where it should say that it could bind and the server does not
// offer it (gs2-cbind-flag `y`, RFC 5802, 6); it refuses names that are newer than Unicode 3.2; its
// nonce cannot be given, so that no published example could be run through it.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/sasl/client_exchange.h"
#include "harness/sasl/scram.h"

namespace startle::sasl {

// `credentials` are prepared. `nonce`: printable ASCII without a comma (RFC 5802, 7). -PLUS binds
// to channel.binding; the others say `y` where they could bind and the server offers nothing to
// bind with, else `n`.
std::unique_ptr<ClientExchange> scram_client(Mechanism mechanism, const Credentials& credentials,
                                             const BindableChannel& channel, std::string nonce,
                                             std::shared_ptr<SaltedPasswords> salted);

// 144 random bits.
std::string scram_nonce();

}  // namespace startle::sasl
