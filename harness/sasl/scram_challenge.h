#pragma once
// What a server says in SCRAM (RFC 5802, 5 and 7): its two messages, read by their grammar, and
// what a client must not compute with. libgsasl takes a nonce to which nothing was added and any
// number of iterations, hence this.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "harness/sasl/objection.h"

namespace startle::sasl {

// server-first-message = [reserved-mext ","] nonce "," salt "," iteration-count ["," extensions]
struct ScramChallenge {
  bool mandatory_extension = false;  // m=, before r= or anywhere behind i=
  std::string nonce{};               // the client's part and the server's
  std::string salt{};                // octets
  std::uint32_t iterations = 0;      // of a number beyond 2^32 - 1: that

  bool operator==(const ScramChallenge&) const = default;
};

// server-final-message = (server-error / verifier) ["," extensions]
struct ScramFinal {
  std::optional<std::string> error{};  // of e=, which need not be printable; else:
  std::string signature{};             // of v=, octets

  bool operator==(const ScramFinal&) const = default;
};

// Why a message is none; for a person, no full stop, nothing of the message that is not printable.
struct MalformedScram {
  std::string why{};
};

std::variant<ScramChallenge, MalformedScram> read_scram_challenge(std::string_view message);
std::variant<ScramFinal, MalformedScram> read_scram_final(std::string_view message);

// Why a client with this nonce must not go on: a mandatory extension it cannot know, a nonce that
// is not its own with something added (RFC 5802, 5.1), iterations below 1 or beyond
// kMostIterations. Nothing: it may.
std::optional<Objection> objection_to(const ScramChallenge& challenge,
                                      std::string_view client_nonce);

}  // namespace startle::sasl
