#pragma once
// Private keys. An RSA key costs as much as a hundred handshakes, so none is made before it is
// asked for, and end entities of one kind of key share it. Each certificate authority has its own.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "certs/key_cache.h"
#include "certs/recipe.h"
#include "harness/tls/handle.h"

namespace startle::certs {

// A key like no other, but of three kinds: GnuTLS makes no RSA key of public exponent 3 and none on
// a Brainpool curve (brainpool_key.h), and takes seconds for RSA of 8192 bits. Of each there is
// one, fixed.
tls::PrivateKey generate_key(KeyKind kind);

// Whether a key is of this kind, by its algorithm and its size or curve.
bool is_of(gnutls_x509_privkey_t key, KeyKind kind);

// Of the key of a certificate, DER; nothing: it is of no kind here, or cannot be read.
std::optional<KeyKind> key_kind_of(const std::string& der);

// Whether its two halves belong together: what it signs is verified.
bool signs(gnutls_x509_privkey_t key);

// PKCS #8, not encrypted. Throws Error(Fault::tls_library).
tls::PrivateKey key_from_pem(const std::string& pem);
std::string key_to_pem(gnutls_x509_privkey_t key);

// The RSA keys of public exponent 3 and of 8192 bits as PEM: they are public, and for tests only.
extern const char* const kExponent3Key;
extern const char* const kRsa8192Key;

class KeyPool {
 public:
  // `cache`: where keys that cost much are kept between runs; empty: nowhere. `tell`: see KeyCache.
  explicit KeyPool(const std::filesystem::path& cache, Tell tell = {})
      : cache_(cache, std::move(tell)) {}

  // The end entities' key of this kind; lives as long as the pool. Not thread-safe.
  gnutls_x509_privkey_t end_entity_key(KeyKind kind);

  // Another key of this kind, of nobody else.
  gnutls_x509_privkey_t own_key(KeyKind kind);

 private:
  tls::PrivateKey obtain(KeyKind kind, std::size_t slot) const;
  KeyCache cache_;
  std::map<KeyKind, std::vector<tls::PrivateKey>> keys_{};  // the first is the end entities'
};

}  // namespace startle::certs
