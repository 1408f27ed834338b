#pragma once
// Postfix with one user, whom Cyrus SASL knows by PLAIN, LOGIN, CRAM-MD5 and SCRAM (Postfix gives
// it no channel binding, so none is -PLUS). It wants TLS before AUTH. What is submitted is
// discarded. It needs root, whose privileges its processes drop.

#include <string>

#include "cases/program/real_server_for_test.h"
#include "certs/mint.h"

namespace startle::cases {

class RealPostfix : public RealServer {
 public:
  // Why there can be none here, and what to do about it; empty: there can.
  static std::string absence();

  // Shows `chain`. Throws Error(Fault::system) with the log when it does not start.
  explicit RealPostfix(const certs::Chain& chain, Starttls starttls = Starttls::offered);
};

}  // namespace startle::cases
