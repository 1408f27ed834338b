#pragma once
// A certificate as the openssl program decodes it: one entry for each thing that a recipe can
// state, in words that do not depend on the key, the serial number or the moment it was made.

#include <cstddef>
#include <map>
#include <set>
#include <string>

namespace startle::certs {

// "subject" -> "commonName: Startle Test Server", "X509v3 Key Usage" -> "critical Digital
// Signature", .. The subjectAltName is in hex: what OpenSSL prints of it hides bytes.
using Fields = std::map<std::string, std::string>;

// What tells certificates and their issuers apart.
struct Keys {
  std::string public_key{};  // SubjectPublicKeyInfo, as OpenSSL prints it
  std::string subject{};     // key identifiers, in hex; empty: none
  std::string authority{};
};

struct Decoded {
  std::size_t missing = 0;  // bytes, at the end; the rest is empty then
  std::string behind{};     // bytes that stand behind the certificate
  Fields fields{};
  Keys keys{};
};

// By DER. Throws Error(Fault::internal) where OpenSSL's output is not understood.
std::map<std::string, Decoded> decode(const std::set<std::string>& certificates);

// One field a line, for a failed comparison.
std::string text_of(const Fields& fields);

}  // namespace startle::certs
