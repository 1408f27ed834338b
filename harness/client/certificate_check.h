#pragma once
// The client's verdict on the certificates a server shows: GnuTLS answers the questions, the trust
// model says which are asked and in which order; the first that fails gives the ending.

#include <optional>
#include <string>

#include "harness/client/settings.h"
#include "harness/client/trust.h"
#include "harness/tls/alert.h"
#include "harness/tls/peer_chain.h"
#include "harness/words/words.h"

namespace startle::client {

struct Refusal {
  words::Ending ending = words::Ending::validation_failure;
  std::string sentence{};
  tls::Rule broken_rule = tls::Rule::none;  // where an authority broke one
  bool unknown_extension = false;           // of the end entity, and critical
  std::optional<tls::Alert> alert{};        // where another than alert_for(ending) says it better
  bool behind_handshake = false;            // the handshake goes on, and the connection ends then
};

// Nothing: the certificate is accepted.
std::optional<Refusal> check_certificate(const tls::PeerChain& chain, const Trust& trust,
                                         const Settings& settings);

// The alert that tells the server why (RFC 8446, 6.2).
tls::Alert alert_for(words::Ending ending);

}  // namespace startle::client
