#include "cases/program/client_connection.h"

#include <utility>
#include <vector>

#include "certs/key_pool.h"
#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/net/tcp.h"

namespace startle::program {
namespace {

constexpr std::size_t kMost = 1 << 20;

// What stands between the lines of each label, in DER; an empty name of a file: nothing.
std::vector<std::string> read_pem(const std::string& file, const std::string& label) {
  std::vector<std::string> all;
  if (file.empty()) return all;
  const std::string pem = read_file(file, kMost);
  const std::string begin = "-----BEGIN " + label + "-----";
  for (std::size_t at = pem.find(begin); at != std::string::npos; at = pem.find(begin, at)) {
    at += begin.size();
    std::string text = pem.substr(at, pem.find('-', at) - at);
    std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });
    const auto der = from_base64(text);
    if (!der) throw Error(Fault::input, file + ": holds a " + label + " that is no base64");
    all.push_back(*der);
  }
  if (all.empty()) throw Error(Fault::input, file + ": holds no " + label + " in PEM");
  return all;
}

}  // namespace

OneAddress::OneAddress(net::RealWorld& world, std::string address)
    : world_(world), address_(std::move(address)) {}

net::Task<net::ConnectResult> OneAddress::connect(std::string host, std::uint16_t port,
                                                  net::Instant deadline) {
  net::FixedConnector connector(world_, {.address = address_, .port = port});
  net::ConnectResult result = co_await connector.connect(std::move(host), port, deadline);
  co_return result;
}

std::shared_ptr<const tls::TrustStore> trust_store_of(const std::string& anchors,
                                                      const std::string& revocation_lists) {
  return std::make_shared<const tls::TrustStore>(read_pem(anchors, "CERTIFICATE"),
                                                 read_pem(revocation_lists, "X509 CRL"));
}

std::shared_ptr<const tls::ClientCredentials> client_credentials_of(const std::string& certificate,
                                                                    const std::string& key) {
  const tls::PrivateKey read = certs::key_from_pem(read_file(key, kMost));
  return std::make_shared<const tls::ClientCredentials>(read_pem(certificate, "CERTIFICATE"),
                                                        read.get());
}

}  // namespace startle::program
