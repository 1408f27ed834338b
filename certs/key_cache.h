#pragma once
// Private keys kept on disk from one run to the next, because making RSA keys is what a run costs
// most. They are keys of certificates that nobody trusts, and are guarded nevertheless: a folder of
// mode 0700, files of mode 0600, and nothing is believed that others could have written, or that is
// not what was written under this name, or that does not sign. A cache is never a reason to fail:
// what cannot be read is made again, what cannot be written is not kept. What its owner would
// mend is told, in one sentence each.

#include <filesystem>
#include <functional>
#include <string>

#include "certs/recipe.h"
#include "harness/tls/handle.h"

namespace startle::certs {

// Takes a sentence for the user.
using Tell = std::function<void(const std::string& sentence)>;

class KeyCache {
 public:
  // Creates `folder` where it is not there, and clears it of what killed processes left half
  // written. Empty: keeps nothing.
  explicit KeyCache(const std::filesystem::path& folder, Tell tell = {});

  // The `slot`th key of this kind; null when it is not kept.
  tls::PrivateKey find(KeyKind kind, std::size_t slot) const;
  void keep(KeyKind kind, std::size_t slot, gnutls_x509_privkey_t key) const;

  // The file of this key: a line of its name and a digest of name and PEM, which one flipped bit
  // changes where the key would still sign, and the PEM.
  static std::string content(KeyKind kind, std::size_t slot, const std::string& pem);

 private:
  std::filesystem::path file(KeyKind kind, std::size_t slot) const;
  bool is_to_be_read(const std::filesystem::path& from) const;
  void say(const std::string& sentence) const;
  std::filesystem::path folder_{};  // empty: there is none to be trusted
  Tell tell_{};
};

// $XDG_CACHE_HOME/startle/keys, or ~/.cache/startle/keys; empty where neither is known.
std::filesystem::path users_key_cache();

}  // namespace startle::certs
