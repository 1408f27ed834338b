#pragma once
// The points at which a client decides what its TLS is to be like, whichever protocol it carries.
// The correct decision is the default; a defect overrides it.

#include <string>

#include "harness/client/settings.h"
#include "harness/tls/priority.h"

namespace startle::client {

class TlsDecisions {
 public:
  virtual ~TlsDecisions() = default;

  // RFC 6066, 3: the name that is verified goes into SNI; an address is left out further down.
  virtual std::string server_name(const Settings& settings) const { return settings.host; }
  // RFC 8996, RFC 9325, 3 and 4: TLS 1.2 and 1.3, and nothing weak.
  virtual tls::Offer also_offered() const { return tls::Offer::nothing; }
  // In place of all that: what measures or looks for one version, one group. Null: nothing is.
  virtual gnutls_priority_t offered_alone() const { return nullptr; }
  // Whether the server's certificate is read and judged at all: only who measures what a handshake
  // costs, and was told to verify nothing, does without.
  virtual bool judges_certificate(const Settings& /*settings*/) const { return true; }
  // RFC 6066, 8: the OCSP response is asked for where it counts for the verdict; who shows all that
  // a server has asks for it always.
  virtual bool asks_for_every_staple() const { return false; }
  // Told to stop once TLS stands: whether what the server offers is read first, inside TLS and
  // where there is none.
  virtual bool reads_offers_before_stopping() const { return false; }
  // RFC 8446, 4.1.3: who is able to speak TLS 1.3 looks for it where the server does not.
  virtual bool minds_downgrade_mark() const { return true; }
  // RFC 8446, 6.1: a connection that ends without an answer has none; what was asked for was not
  // done.
  virtual bool takes_end_for_answer() const { return false; }
};

}  // namespace startle::client
