#pragma once
// Dovecot's submission server with one user, who authenticates by PLAIN, LOGIN, CRAM-MD5 or SCRAM;
// it wants TLS before AUTH. No -PLUS: Dovecot 2.3 knows no channel binding. What is submitted goes
// on to a second server, which takes everything and throws it away. It needs no privileges; root's
// are dropped.

#include <memory>
#include <string>

#include "cases/program/real_server_for_test.h"
#include "certs/mint.h"

namespace startle::cases {

class RealDovecot : public RealServer {
 public:
  // Why there can be none here, and what to do about it; empty: there can.
  static std::string absence();

  // Shows `chain`. Without STARTTLS neither port has TLS. Throws Error(Fault::system) with the log
  // when it does not start.
  explicit RealDovecot(const certs::Chain& chain, Starttls starttls = Starttls::offered);

 private:
  std::uint16_t start_sink();  // its port

  std::unique_ptr<Daemon> sink_{};
};

}  // namespace startle::cases
