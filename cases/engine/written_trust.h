#pragma once
// What a client is to trust, as files: for one that is a program of somebody else's.

#include <optional>

#include "certs/client_identity.h"
#include "certs/mint.h"
#include "harness/base/file.h"
#include "harness/subject/subject.h"

namespace startle::cases {

// The files go with the object. Nothing is written for a client that reads none.
class WrittenTrust {
 public:
  // `identity`: the client's certificate; null: it has none. Throws Error(Fault::system).
  WrittenTrust(const subject::Abilities& client, const certs::Chain& chain,
               const certs::ClientIdentity* identity);
  const subject::TrustFiles& files() const { return files_; }

 private:
  std::optional<TemporaryFolder> folder_{};
  subject::TrustFiles files_{};
};

}  // namespace startle::cases
