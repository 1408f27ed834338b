#pragma once
// What a server shows, out of a file that somebody has written: PEM, with whatever text
// `openssl s_client -showcerts`, `keytool -printcert -rfc` or a person puts around it, PKCS #7,
// DER.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace startle::customer {

// The certificates in DER, in the order of the file, which is that of the handshake: end entity
// first; those of PKCS #7, which has none, in that of their path. In UTF-8 or, as Windows
// PowerShell redirects, in UTF-16; any line ends. Throws Error(Fault::input, "NAME: sentence"): no
// certificate, and what the file is in place of one; one that is cut off or that OpenSSL cannot
// read; fewer than s_client lists; several connections, or servers.
std::vector<std::string> read_shown(std::string_view bytes, const std::string& name);
std::vector<std::string> read_shown_file(const std::filesystem::path& file);

// Whether a program that takes PEM finds the certificates in it as they stand, in their order.
bool is_pem_as_it_stands(std::string_view bytes);

// Whether read_shown() would look for certificates in it, be they any good.
bool may_show_certificates(std::string_view bytes);

}  // namespace startle::customer
