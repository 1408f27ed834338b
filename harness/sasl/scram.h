#pragma once
// The computations of SCRAM (RFC 5802, 3; RFC 7677, 3), for both ends: what a password becomes, and
// what the two sides prove to each other with it.

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/sasl/mechanism.h"

namespace startle::sasl {

enum class ScramHash { sha_1, sha_256 };

constexpr ScramHash hash_of(Mechanism scram) {
  const bool sha_1 = scram == Mechanism::scram_sha_1 || scram == Mechanism::scram_sha_1_plus;
  return sha_1 ? ScramHash::sha_1 : ScramHash::sha_256;
}

// RFC 7677, 4: what a server ought to ask for at least. What the client agrees to at most: it is
// the server that says how long the client computes (RFC 5802, 9).
inline constexpr std::uint32_t kLeastIterations = 4096;
inline constexpr std::uint32_t kMostIterations = 1'000'000;

// All of these take and give octets, and throw Error(Fault::system) when GnuTLS cannot compute.
std::string digest(ScramHash hash, std::string_view octets);                      // H
std::string hmac(ScramHash hash, std::string_view key, std::string_view octets);  // HMAC
std::string exclusive_or(std::string one, std::string_view other);                // XOR
// Hi: `password` is prepared already (harness/sasl/password.h), `iterations` at least 1.
std::string salted_password(ScramHash hash, std::string_view password, std::string_view salt,
                            std::uint32_t iterations);

// What a server keeps of a password, and the client's half.
struct ScramKeys {
  std::string client_key{};
  std::string stored_key{};
  std::string server_key{};
};
ScramKeys scram_keys(ScramHash hash, std::string_view salted_password);

// What stands in p= and v=, before base64. `auth_message`: client-first-message-bare,
// server-first-message and client-final-message-without-proof, parted by commas.
std::string client_proof(ScramHash hash, const ScramKeys& keys, std::string_view auth_message);
std::string server_signature(ScramHash hash, const ScramKeys& keys, std::string_view auth_message);

// A name as it stands in a message: "," and "=" written "=2C" and "=3D" (RFC 5802, 5.1).
std::string scram_name(std::string_view name);

}  // namespace startle::sasl
