#pragma once
// A certificate revocation list as the PEM file that other programs load.

#include <string>

namespace startle::program {

// RFC 7468, 6.
std::string crl_pem(const std::string& der);

}  // namespace startle::program
