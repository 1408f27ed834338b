#pragma once
// A private key and its certificates as a PKCS #12 file (RFC 7292): what Java, Windows and most
// servers import. Certificates are written as they are, whether or not they can be read.

#include <string>
#include <string_view>
#include <vector>

namespace startle::certs {

// `key_pem`: PKCS #8, not encrypted; its certificate is the first of `certificates_der`. The key
// is encrypted with `password` (AES-256), and the whole authenticated with it (HMAC-SHA-256); the
// certificates are no secret. `name` is the entry's friendlyName. Throws Error(Fault::tls_library).
std::string write_pkcs12(const std::string& key_pem,
                         const std::vector<std::string>& certificates_der,
                         const std::string& password, const std::string& name);

}  // namespace startle::certs
