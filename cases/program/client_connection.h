#pragma once
// What the hidden command `client` connects by, and reads from files.

#include <memory>
#include <string>

#include "harness/net/connect.h"
#include "harness/net/world.h"
#include "harness/tls/credentials.h"

namespace startle::program {

// Every host is at one address; a referral names another port of it.
class OneAddress final : public net::Connector {
 public:
  OneAddress(net::RealWorld& world, std::string address);
  net::Task<net::ConnectResult> connect(std::string host, std::uint16_t port,
                                        net::Instant deadline) override;

 private:
  net::RealWorld& world_;
  std::string address_;
};

// From PEM; an empty name of a file: nothing. Throw Error(Fault::input).
std::shared_ptr<const tls::TrustStore> trust_store_of(const std::string& anchors,
                                                      const std::string& revocation_lists);
std::shared_ptr<const tls::ClientCredentials> client_credentials_of(const std::string& certificate,
                                                                    const std::string& key);

}  // namespace startle::program
