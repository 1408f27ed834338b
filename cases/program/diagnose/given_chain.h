#pragma once
// Certificates that a server shows, as a diagnosis takes them.

#include <string>
#include <vector>

#include "harness/diagnosis/evidence.h"
#include "harness/words/words.h"

namespace startle::program {

// End entity first; of one that cannot be read the fingerprint alone.
std::vector<diagnosis::Certificate> certificates_of(const std::vector<std::string>& der);

// A line for each that a person knows it by: subject, names, dates, key, issuer, self-signed or
// not, fingerprint.
std::vector<std::string> told_certificates(const std::vector<std::string>& der);

}  // namespace startle::program
