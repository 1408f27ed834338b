#pragma once
// Servers of SCRAM and CRAM-MD5 that lie: ours, since GNU SASL does not. Wrong in exactly one way:
// what follows a lie is right for the messages as they were sent, so that a client which falls for
// it gets through. Where nothing can be computed (no salt, iterations below 1 or beyond a million)
// whatever the client proves is taken.

#include <memory>
#include <optional>

#include "fake-servers/dialogue/script.h"
#include "harness/sasl/server_exchange.h"

namespace startle::fake {

// Null: the honest server does what the script has of this mechanism. `script` and `side` must
// outlive the exchange.
std::unique_ptr<sasl::ServerExchange> lying_exchange(sasl::Mechanism mechanism,
                                                     const SaslScript& script,
                                                     const sasl::ServerSide& side);

// Whether an exchange of the mechanism can hold `lie`: in any other it is not told.
bool has_place_for(sasl::Mechanism mechanism, SaslLie lie);

// Whether a client has to refuse what the script makes of the mechanism's first challenge, for what
// it says (RFC 5802, 5.1; RFC 2195, 2) or its size (RFC 4954, 4).
bool forges_first_challenge(sasl::Mechanism mechanism, const SaslScript& script);

// Of a challenge, with everything: 64 KiB, of which base64 makes more; and one whose base64 is
// 8 KiB long, which a client has to take (RFC 4954, 4).
inline constexpr std::size_t kHugeChallenge = 64 * 1024;
inline constexpr std::size_t kPaddedChallenge = 8 * 1024 / 4 * 3;
// `challenge` with `filler` behind it up to the size that the lie asks for.
std::string padded(std::string challenge, SaslLie lie);

}  // namespace startle::fake
