#pragma once
// Why a client must not answer a challenge.

#include <string>

namespace startle::sasl {

struct Objection {
  enum class Kind {
    malformed,            // the mechanism knows no such challenge
    absent,               // where one belongs: that is not an empty one (RFC 4422, 3.1)
    unexpected,           // data where the client speaks first
    after_end,            // the mechanism is over, or the server stated its error
    mandatory_extension,  // from here on: SCRAM's server-first-message (RFC 5802, 5.1)
    foreign_nonce,
    unchanged_nonce,
    iterations,
  };
  Kind kind = Kind::malformed;
  std::string why{};  // for a person, no full stop
};

}  // namespace startle::sasl
