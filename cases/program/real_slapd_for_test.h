#pragma once
// OpenLDAP's slapd with a directory of one user, who binds with a DN or, through Cyrus SASL, by
// name: PLAIN, CRAM-MD5, SCRAM. It needs no privileges.

#include <string>

#include "cases/program/real_server_for_test.h"
#include "certs/mint.h"

namespace startle::cases {

class RealSlapd : public RealServer {
 public:
  // Why there can be none here, and what to do about it; empty: there can.
  static std::string absence();

  // What it shows of SASL -PLUS: with `sasl-cbinding tls-unique` and TLS 1.2 it offers it, else
  // not.
  enum class Tls { any, tls12_with_channel_binding };
  // Shows `chain`; asks for a client's certificate, takes one that leads to an anchor of `chain`,
  // and takes none at all too. Without StartTLS neither port has TLS. Throws Error(Fault::system)
  // with the log when it does not start.
  explicit RealSlapd(const certs::Chain& chain, Tls tls = Tls::any,
                     Starttls starttls = Starttls::offered);

  static constexpr const char* kUserDn = "uid=alice,dc=example,dc=test";
  static constexpr const char* kBase = "dc=example,dc=test";
};

}  // namespace startle::cases
