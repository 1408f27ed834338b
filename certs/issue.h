#pragma once
// One certificate from one recipe, written as DER and signed by GnuTLS: its own setters correct,
// or refuse, much of what a recipe may say.

#include <chrono>
#include <string>

#include "certs/recipe.h"
#include "harness/tls/handle.h"

namespace startle::certs {

// Whoever signs: its subject's common name and its key.
struct Signer {
  std::string common_name{};
  gnutls_x509_privkey_t key = nullptr;
};

struct IssueRequest {
  const CertificateRecipe& recipe;
  const std::string& host;  // fills in the recipe's placeholders
  gnutls_x509_privkey_t key = nullptr;
  Signer issuer{};            // no key: the certificate signs itself
  bool signs_others = false;  // it issues certificates in this chain
  // What makes it unlike any other certificate of its issuer: the serial number is a digest of it.
  std::string identity{};
};

// DER, or what the recipe's damage leaves of it. Throws Error(Fault::input) where the recipe cannot
// be made at this clock.
std::string issue(const IssueRequest& request, std::chrono::sys_seconds clock);

// The content of the serial number of such a certificate, most significant octet first.
std::string serial_number(const IssueRequest& request, std::chrono::sys_seconds clock);

// The Name of a subject or issuer, DER: empty, or one common name of the bytes given.
std::string distinguished_name(const std::string& common_name);

// A Time at this distance from the clock, as the rule has it (RFC 5280, 4.1.2.5), DER. Throws
// Error(Fault::input) outside of the years 1970 to 9999.
std::string time_at(std::chrono::sys_seconds clock, std::chrono::seconds offset);

}  // namespace startle::certs
