#pragma once
// The files that `startle serve` names to its users: trust anchors as PEM and as a Java trust
// store, and a client's certificate and key. Many servers share an anchor, and so its files.

#include <map>
#include <string>

#include "certs/mint.h"
#include "harness/base/file.h"

namespace startle::program {

inline constexpr std::string_view kTrustStorePassword = "changeit";

class ServeFiles {
 public:
  struct Anchors {
    std::string pem{};
    std::string ca{};          // the file that holds it
    std::string truststore{};  // JKS
  };
  struct Client {
    std::string certificate{};  // PEM, its chain behind it
    std::string key{};          // PEM
  };
  const Anchors& anchors_of(const certs::Chain& chain);
  // Of a chain that has a certificate revocation list: PEM.
  const std::string& revocation_list_of(const certs::Chain& chain);
  const Client& files_of(const certs::ClientIdentity& client);

 private:
  std::string path(const std::string& stem, std::size_t number, const char* extension) const;

  TemporaryFolder folder_{};
  std::map<std::string, Anchors> anchors_{};               // by PEM
  std::map<std::string, std::string> revocation_lists_{};  // by DER
  std::map<std::string, Client> clients_{};                // by PEM
};

}  // namespace startle::program
