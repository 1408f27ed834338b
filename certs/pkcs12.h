#pragma once
// A private key and its certificates as a PKCS #12 file (RFC 7292): what Java, Windows and most
// servers import. Certificates are written as they are, whether or not they can be read. And
// trusted certificates without a key, as Java alone marks them. Both by OpenSSL: GnuTLS has no
// attributes for a bag but name and key identifier.

#include <string>
#include <utility>
#include <vector>

namespace startle::certs {

inline constexpr int kKeytoolIterations = 10000;

// `key_pem`: PKCS #8, not encrypted; its certificate is the first of `certificates_der`. The key
// is encrypted with `password` (AES-256), and the whole authenticated with it (HMAC-SHA-256); the
// certificates are no secret. `name` is the entry's friendlyName. Throws Error(Fault::usage) for a
// password beyond ASCII and a name that is not UTF-8.
std::string write_pkcs12(const std::string& key_pem,
                         const std::vector<std::string>& certificates_der,
                         const std::string& password, const std::string& name);

// What `keytool -importcert` writes: each (alias, DER certificate) with Oracle's attribute, without
// which Java does not see it; encrypted (PBES2, AES-256) and authenticated (HMAC-SHA-256) under
// keys derived in so many iterations. Salts are random: the same arguments never give the same
// bytes. Throws Error(Fault::usage) for an alias that is empty, not UTF-8, or stands twice (Java
// compares in lower case), for what is no DER SEQUENCE, and for a password beyond ASCII, which Java
// does not take here.
std::string write_pkcs12_truststore(const std::vector<std::pair<std::string, std::string>>& trusted,
                                    const std::string& password,
                                    int iterations = kKeytoolIterations);

}  // namespace startle::certs
