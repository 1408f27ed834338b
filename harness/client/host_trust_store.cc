#include "harness/client/host_trust_store.h"

#include <utility>

namespace startle::client {

HostTrustStore::HostTrustStore(std::vector<std::string> held_der, const tls::TrustStore& system,
                               words::StoreModel model)
    : model_(model), held_(std::make_unique<tls::TrustStore>(held_der)) {
  // Revocation lists are the system's, whoever is trusted.
  std::vector<std::string> lists = system.revocation_lists_der();
  if (model == words::StoreModel::documented) {
    held_der.insert(held_der.end(), system.anchors_der().begin(), system.anchors_der().end());
  }
  anchors_ = std::make_unique<tls::TrustStore>(held_der, lists);
}

HostTrustStore HostTrustStore::unusable(std::string why) {
  HostTrustStore made;
  made.why_unusable_ = std::move(why);
  return made;
}

bool HostTrustStore::holds(const tls::PeerChain& chain) const {
  return model_ == words::StoreModel::jsse ? chain.end_entity_is_in(*held_)
                                           : chain.end_entity_key_is_in(*held_);
}

bool HostTrustStore::names(const tls::PeerChain& chain) const {
  return chain.end_entity_is_named_in(*held_);
}

}  // namespace startle::client
