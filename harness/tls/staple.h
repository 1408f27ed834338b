#pragma once
// The OCSP response that a server staples to the handshake (RFC 6066, 8; RFC 6960).

#include <string_view>

#include "harness/tls/handle.h"

namespace startle::tls {

enum class StapleStatus {
  good,
  revoked,
  out_of_date,   // not in force yet, or replaced since
  of_another,    // it says nothing about this certificate
  unacceptable,  // it cannot be read, is no answer, or is not signed for the issuer
};

// What `response` (DER) says about `certificate`, which `issuer` issued, at the run's clock (RFC
// 6960, 3.2).
StapleStatus read_staple(std::string_view response, gnutls_x509_crt_t certificate,
                         gnutls_x509_crt_t issuer);

// Its TLS feature extension demands a staple (RFC 7633, 4.2.3.1).
bool demands_staple(gnutls_x509_crt_t certificate);

}  // namespace startle::tls
