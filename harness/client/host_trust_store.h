#pragma once
// The key store that a customer keeps for a host, as the client uses it: which certificates it
// holds, and which trust anchors count beside them. Reading the file is the business of
// harness/customer/store/store.h.

#include <memory>
#include <string>
#include <vector>

#include "harness/tls/credentials.h"
#include "harness/tls/peer_chain.h"
#include "harness/words/words.h"

namespace startle::client {

class HostTrustStore {
 public:
  // What the file's reader took for trusted certificates, in DER: `documented` adds them to the
  // anchors of `system`, `jsse` puts them in their place. Throws Error(Fault::tls_library) for one
  // that cannot be read.
  HostTrustStore(std::vector<std::string> held_der, const tls::TrustStore& system,
                 words::StoreModel model);
  // A store that cannot be opened: no connection is made, and `why` says for what reason.
  static HostTrustStore unusable(std::string why);

  const std::string& why_unusable() const { return why_unusable_; }  // empty: it was opened
  const tls::TrustStore& anchors() const { return *anchors_; }

  // It holds the end entity's certificate. `documented`: or one of the same name and key (RFC 5280,
  // 6.1.1 (d): an anchor is a name and a key); `jsse`: this very certificate.
  bool holds(const tls::PeerChain& chain) const;
  // It holds a certificate of the end entity's name, perhaps of another key.
  bool names(const tls::PeerChain& chain) const;
  // JSSE: what is held is accepted as it is (sun.security.validator.PKIXValidator).
  bool accepts_held() const { return model_ == words::StoreModel::jsse; }

 private:
  HostTrustStore() = default;

  std::string why_unusable_{};
  words::StoreModel model_ = words::StoreModel::documented;
  std::unique_ptr<const tls::TrustStore> held_{};
  std::unique_ptr<const tls::TrustStore> anchors_{};
};

}  // namespace startle::client
