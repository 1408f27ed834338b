#pragma once
// The yardstick of what is measured: a TLS handshake with as little around it as GnuTLS allows.
// Both ends in memory and in step, the chain verified with gnutls_session_set_verify_cert2, cached
// priority, shared credentials and trust list; no streams, no coroutines, nothing else.

#include <memory>
#include <string>

#include "harness/load/bare_session.h"
#include "harness/tls/credentials.h"
#include "harness/tls/handle.h"
#include "harness/tls/session.h"

namespace startle {

struct BareOptions {
  gnutls_priority_t client = nullptr;  // what it offers; null: what our client does
  bool verifies = true;                // the server's chain
  const tls::TicketKey* tickets =
      nullptr;  // the server's; not null: each run but the first resumes
};

class BareHandshake {
 public:
  BareHandshake(std::shared_ptr<const tls::ServerCredentials> server,
                const tls::TrustStore& anchors, std::string host, const BareOptions& options = {});

  // One handshake and its clean-up. False: the client refused the chain.
  bool run() const;
  // Whether the last one resumed the one before.
  bool resumed() const { return resumed_; }

 private:
  std::shared_ptr<const tls::ServerCredentials> server_;
  BareServerIdentity server_identity_;
  BareOptions options_;
  tls::CredentialsHandle client_;
  mutable std::string ticket_{};  // of the last session
  mutable bool resumed_ = false;
};

}  // namespace startle
