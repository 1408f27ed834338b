#pragma once
// Private keys. An RSA key costs as much as a hundred handshakes, so none is made before it is
// asked for, and end entities of one kind of key share it. Each certificate authority has its own.

#include <map>
#include <vector>

#include "certs/recipe.h"
#include "harness/tls/handle.h"

namespace startle::certs {

tls::PrivateKey generate_key(KeyKind kind);

class KeyPool {
 public:
  // The end entities' key of this kind; lives as long as the pool. Not thread-safe.
  gnutls_x509_privkey_t end_entity_key(KeyKind kind);

  // Another key of this kind, of nobody else.
  gnutls_x509_privkey_t own_key(KeyKind kind);

 private:
  std::map<KeyKind, std::vector<tls::PrivateKey>> keys_{};  // the first is the end entities'
};

}  // namespace startle::certs
