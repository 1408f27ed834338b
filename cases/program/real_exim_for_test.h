#pragma once
// Exim with one user, who authenticates by PLAIN or LOGIN; it wants TLS before AUTH. What is
// submitted is discarded. It needs root, whose privileges its processes drop.

#include <string>

#include "cases/program/real_server_for_test.h"
#include "certs/mint.h"

namespace startle::cases {

class RealExim : public RealServer {
 public:
  // Why there can be none here, and what to do about it; empty: there can.
  static std::string absence();

  // Shows `chain`. Throws Error(Fault::system) with the log when it does not start.
  explicit RealExim(const certs::Chain& chain, Starttls starttls = Starttls::offered);
};

}  // namespace startle::cases
