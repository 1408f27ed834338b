#pragma once
// Which user a client's certificate stands for, as SASL EXTERNAL asks it (RFC 4422, A).

#include <vector>

#include "fake-servers/dialogue/server.h"
#include "harness/tls/peer_chain.h"

namespace startle::fake {

// The user whose name, or the first value of whose DN, the certificate's common name is. Null:
// there is none, or the certificate does not chain to `anchors`, is not within its dates, or is not
// meant for client authentication.
const User* user_of(const tls::PeerChain& chain, const tls::TrustStore& anchors,
                    const std::vector<User>& users);

}  // namespace startle::fake
