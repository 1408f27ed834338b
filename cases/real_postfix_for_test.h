#pragma once
// Postfix with one user, on free ports of 127.0.0.1: one with STARTTLS, which it wants before AUTH,
// one with implicit TLS. What is submitted is discarded. It needs root, whose privileges its
// processes drop.

#include <cstdint>
#include <memory>
#include <string>

#include "cases/daemon_for_test.h"
#include "certs/mint.h"
#include "harness/base/file.h"

namespace startle::cases {

class RealPostfix {
 public:
  // Why there can be none here, and what to do about it; empty: there can.
  static std::string absence();

  // Shows `chain`. Throws Error(Fault::system) with the log when it does not start.
  explicit RealPostfix(const certs::Chain& chain);

  static constexpr const char* kUser = "alice";
  static constexpr const char* kPassword = "the password of alice";

  std::uint16_t starttls_port() const { return starttls_port_; }
  std::uint16_t tls_port() const { return tls_port_; }
  Daemon& daemon() { return *daemon_; }

 private:
  TemporaryFolder folder_{};
  std::uint16_t starttls_port_ = 0;
  std::uint16_t tls_port_ = 0;
  std::unique_ptr<Daemon> daemon_{};  // ends before its folder goes
};

}  // namespace startle::cases
