#pragma once
// What a client is to trust, for one that is a program of somebody else's.

#include "certs/client_identity.h"
#include "certs/mint.h"
#include "harness/subject/subject.h"

namespace startle::cases {

// Nothing for a client that reads no files. `identity`: the client's certificate; null: it has
// none.
subject::TrustPem trust_pem(const subject::Abilities& client, const certs::Chain& chain,
                            const certs::ClientIdentity* identity);

}  // namespace startle::cases
