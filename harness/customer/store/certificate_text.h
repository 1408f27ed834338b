#pragma once
// What a person knows a certificate by.

#include <openssl/types.h>

#include <string>

namespace startle::customer {

// "CN=mail.example.com": RFC 4514, but in the order of the certificate, and with UTF-8 as it is.
std::string name_text(const X509_NAME* name);

// "SHA-256 AB:CD:..", as keytool and openssl print it, of a certificate in DER.
std::string fingerprint_text(const std::string& der);

// The subject of one certificate in DER; "" where it cannot be read.
std::string subject_of(const std::string& der);

}  // namespace startle::customer
