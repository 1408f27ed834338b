#pragma once
// The sessions of a bare handshake, wherever its bytes go: GnuTLS and nothing else.

#include <array>
#include <string>

#include "harness/tls/credentials.h"
#include "harness/tls/handle.h"

namespace startle {

// A client's, which trusts the anchors and nothing else.
tls::CredentialsHandle bare_client_credentials(const tls::TrustStore& anchors);

// `flags`: GNUTLS_CLIENT or GNUTLS_SERVER, with what else gnutls_init() takes.
tls::SessionHandle bare_session(unsigned flags, gnutls_priority_t priority,
                                gnutls_certificate_credentials_t with);

// What a client session is to know of its server: it asks for the host by SNI and, told to verify,
// takes a chain for that name and the purpose of TLS servers alone. Outlives the session.
class BareServerIdentity {
 public:
  explicit BareServerIdentity(std::string host);
  BareServerIdentity(const BareServerIdentity&) = delete;  // GnuTLS knows where it is
  BareServerIdentity& operator=(const BareServerIdentity&) = delete;
  void tell(gnutls_session_t client, bool verifies) const;

 private:
  std::string host_;
  // GnuTLS wants it mutable but only reads it.
  mutable std::array<gnutls_typed_vdata_st, 2> wanted_;
};

}  // namespace startle
