#pragma once
// Private keys kept on disk from one run to the next, because making RSA keys is what a run costs
// most. They are keys of certificates that nobody trusts, and are guarded nevertheless: a folder of
// mode 0700, files of mode 0600, and nothing is believed that others could have written. A cache
// is never a reason to fail: what cannot be read is made again, what cannot be written is not kept.

#include <filesystem>
#include <string>

#include "certs/recipe.h"
#include "harness/tls/handle.h"

namespace startle::certs {

class KeyCache {
 public:
  // Creates `folder` where it is not there. Empty: keeps nothing.
  explicit KeyCache(const std::filesystem::path& folder);

  // The `slot`th key of this kind; null when it is not kept.
  tls::PrivateKey find(KeyKind kind, std::size_t slot) const;
  void keep(KeyKind kind, std::size_t slot, gnutls_x509_privkey_t key) const;

 private:
  std::filesystem::path file(KeyKind kind, std::size_t slot) const;
  std::filesystem::path folder_{};  // empty: there is none to be trusted
};

// $XDG_CACHE_HOME/startle/keys, or ~/.cache/startle/keys; empty where neither is known.
std::filesystem::path users_key_cache();

}  // namespace startle::certs
