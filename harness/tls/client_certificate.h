#pragma once
// A client's certificate and its private key, or a server's, from the two kinds of file that users
// have. Every complaint is one sentence that begins with the file's name: Error(Fault::input).

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/tls/credentials.h"
#include "harness/tls/handle.h"

namespace startle::tls {

// Certificates as they are sent, end entity first, and its private key.
struct Identity {
  std::vector<std::string> der{};
  PrivateKey key{};
};

// What client_certificate_from_pem() reads, for either side.
Identity identity_from_pem(const std::filesystem::path& certificates,
                           const std::filesystem::path& key = {},
                           const std::optional<std::string>& password = std::nullopt);

// PEM: the certificates, end entity first, and the key (PKCS#8 or the older forms), in a file of
// its own or, when `key` is empty, behind the certificates. `password` opens an encrypted key.
std::shared_ptr<const ClientCredentials> client_certificate_from_pem(
    const std::filesystem::path& certificates, const std::filesystem::path& key = {},
    const std::optional<std::string>& password = std::nullopt);

// PKCS#12 (RFC 7292): one key, its certificate, and the issuers that are there to be sent with it.
std::shared_ptr<const ClientCredentials> client_certificate_from_pkcs12(
    const std::filesystem::path& file, const std::string& password);

}  // namespace startle::tls
