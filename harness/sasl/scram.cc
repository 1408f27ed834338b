#include "harness/sasl/scram.h"

#include <gnutls/crypto.h>

#include "harness/base/error.h"

namespace startle::sasl {
namespace {

gnutls_mac_algorithm_t mac_of(ScramHash hash) {
  return hash == ScramHash::sha_1 ? GNUTLS_MAC_SHA1 : GNUTLS_MAC_SHA256;
}

gnutls_digest_algorithm_t digest_of(ScramHash hash) {
  return hash == ScramHash::sha_1 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256;
}

void must_succeed(int status) {
  if (status >= 0) return;
  throw Error(Fault::system, std::string("GnuTLS does not compute: ") + gnutls_strerror(status));
}

// GnuTLS asks for memory that it does not write to.
gnutls_datum_t datum(std::string_view octets) {
  auto* start = reinterpret_cast<unsigned char*>(const_cast<char*>(octets.data()));
  return {start, static_cast<unsigned>(octets.size())};
}

}  // namespace

std::string digest(ScramHash hash, std::string_view octets) {
  std::string made(gnutls_hash_get_len(digest_of(hash)), '\0');
  must_succeed(gnutls_hash_fast(digest_of(hash), octets.data(), octets.size(), made.data()));
  return made;
}

std::string hmac(ScramHash hash, std::string_view key, std::string_view octets) {
  std::string made(gnutls_hmac_get_len(mac_of(hash)), '\0');
  must_succeed(gnutls_hmac_fast(mac_of(hash), key.data(), key.size(), octets.data(), octets.size(),
                                made.data()));
  return made;
}

std::string exclusive_or(std::string one, std::string_view other) {
  for (std::size_t i = 0; i < one.size() && i < other.size(); ++i) {
    one[i] = static_cast<char>(one[i] ^ other[i]);
  }
  return one;
}

std::string salted_password(ScramHash hash, std::string_view password, std::string_view salt,
                            std::uint32_t iterations) {
  std::string made(gnutls_hmac_get_len(mac_of(hash)), '\0');
  const gnutls_datum_t key = datum(password);
  const gnutls_datum_t with = datum(salt);
  must_succeed(gnutls_pbkdf2(mac_of(hash), &key, &with, iterations, made.data(), made.size()));
  return made;
}

ScramKeys scram_keys(ScramHash hash, std::string_view salted_password) {
  ScramKeys keys;
  keys.client_key = hmac(hash, salted_password, "Client Key");
  keys.stored_key = digest(hash, keys.client_key);
  keys.server_key = hmac(hash, salted_password, "Server Key");
  return keys;
}

std::string client_proof(ScramHash hash, const ScramKeys& keys, std::string_view auth_message) {
  return exclusive_or(keys.client_key, hmac(hash, keys.stored_key, auth_message));
}

std::string server_signature(ScramHash hash, const ScramKeys& keys, std::string_view auth_message) {
  return hmac(hash, keys.server_key, auth_message);
}

std::string scram_name(std::string_view name) {
  std::string written;
  for (const char c : name) {
    if (c == ',') {
      written += "=2C";
    } else if (c == '=') {
      written += "=3D";
    } else {
      written += c;
    }
  }
  return written;
}

}  // namespace startle::sasl
