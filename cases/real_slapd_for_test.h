#pragma once
// OpenLDAP's slapd with a directory of one user, on free ports of 127.0.0.1: one for LDAP with
// StartTLS, one for LDAP over implicit TLS. It needs no privileges.

#include <cstdint>
#include <memory>
#include <string>

#include "cases/daemon_for_test.h"
#include "certs/mint.h"
#include "harness/base/file.h"

namespace startle::cases {

class RealSlapd {
 public:
  // Why there can be none here, and what to do about it; empty: there can.
  static std::string absence();

  // Shows `chain`; asks for a client's certificate, takes one that leads to an anchor of `chain`,
  // and takes none at all too. Throws Error(Fault::system) with the log when it does not start.
  explicit RealSlapd(const certs::Chain& chain);

  static constexpr const char* kUser = "uid=alice,dc=example,dc=test";
  static constexpr const char* kPassword = "the password of alice";
  static constexpr const char* kBase = "dc=example,dc=test";

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
