#pragma once
// The authorities that this machine trusts: what stands in for the system's where the certificates
// of a real server are judged.

#include <memory>

#include "cases/engine/customer_host.h"

namespace startle::program {

// $SSL_CERT_FILE, as OpenSSL has it, or the bundle of the system: Debian's, Red Hat's, Alpine's. No
// certificates where there is none. Throws Error(Fault::input) for a file that $SSL_CERT_FILE names
// and nobody can read.
std::shared_ptr<const cases::NamedAnchors> machine_anchors();

}  // namespace startle::program
