#pragma once
// The certificate a client shows for SASL EXTERNAL (RFC 4422, A): one that a server accepts, and
// those that are wrong in one way.

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "certs/recipe.h"
#include "harness/base/words.h"
#include "harness/tls/credentials.h"

namespace startle::certs {

enum class ClientCertificate { none, valid, wrong_ca, expired };
inline constexpr auto kClientCertificates = word_table<ClientCertificate>({
    {ClientCertificate::none, "none"},
    {ClientCertificate::valid, "valid"},
    {ClientCertificate::wrong_ca, "wrong-ca"},
    {ClientCertificate::expired, "expired"},
});
constexpr Words words_of(ClientCertificate) {
  return kClientCertificates;
}

struct ClientIdentity {
  std::shared_ptr<const tls::ClientCredentials> credentials{};
  std::shared_ptr<const tls::TrustStore> anchors{};  // what a server holds to verify clients
  std::string chain_pem{};                           // end entity first
  std::string key_pem{};                             // PKCS#8, not encrypted
};

// For client authentication, issued to the common name `user`; `kind` is not none.
Recipe client_recipe(ClientCertificate kind, const std::string& user);

}  // namespace startle::certs
