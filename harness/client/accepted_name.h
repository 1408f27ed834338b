#pragma once
// Whether a certificate presents a name to accept. Written apart from the oracle's matching on
// purpose: one bug cannot hide in both.

#include "harness/client/trust.h"
#include "harness/tls/peer_chain.h"

namespace startle::client {

bool presents_accepted_name(const tls::PeerChain& chain, const Trust& trust);

}  // namespace startle::client
