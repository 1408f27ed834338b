#pragma once
// The yardstick of the benchmarks: a TLS handshake with as little around it as GnuTLS allows. Both
// ends in memory and in step, the chain verified with gnutls_session_set_verify_cert2, cached
// priority, shared credentials and trust list; no streams, no coroutines, nothing else.

#include <memory>
#include <string>

#include "harness/tls/credentials.h"
#include "harness/tls/handle.h"

namespace startle {

class BareHandshake {
 public:
  BareHandshake(std::shared_ptr<const tls::ServerCredentials> server,
                const tls::TrustStore& anchors, std::string host);

  // One handshake and its clean-up. False: the client refused the chain.
  bool run() const;

 private:
  std::shared_ptr<const tls::ServerCredentials> server_;
  std::string host_;
  tls::CredentialsHandle client_;
};

}  // namespace startle
