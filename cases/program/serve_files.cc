#include "cases/program/serve_files.h"

#include <utility>
#include <vector>

#include "cases/program/commands.h"
#include "certs/jks.h"
#include "harness/base/bytes.h"

namespace startle::program {

// "ca.pem", "ca-2.pem", ..
std::string ServeFiles::path(const std::string& stem, std::size_t number,
                             const char* extension) const {
  const std::string which = number == 1 ? "" : "-" + std::to_string(number);
  return (folder_.path() / (stem + which + extension)).string();
}

const ServeFiles::Anchors& ServeFiles::anchors_of(const certs::Chain& chain) {
  const std::string pem = certs::to_pem(chain.anchors_der);
  const auto known = anchors_.find(pem);
  if (known != anchors_.end()) return known->second;
  std::vector<std::pair<std::string, std::string>> entries;
  for (const std::string& der : chain.anchors_der) {
    entries.emplace_back("startle-" + std::to_string(entries.size() + 1), der);
  }
  const std::size_t number = anchors_.size() + 1;
  const Anchors made{.pem = pem,
                     .ca = path("ca", number, ".pem"),
                     .truststore = path("truststore", number, ".jks")};
  write_file(made.ca, pem);
  write_file(made.truststore, certs::write_jks(entries, kTrustStorePassword, now()));
  return anchors_.emplace(pem, made).first->second;
}

const std::string& ServeFiles::revocation_list_of(const certs::Chain& chain) {
  const auto [known, made] = revocation_lists_.emplace(
      chain.revocation_list_der, path("crl", revocation_lists_.size() + 1, ".pem"));
  if (made) write_file(known->second, to_pem("X509 CRL", chain.revocation_list_der));
  return known->second;
}

const ServeFiles::Client& ServeFiles::files_of(const certs::ClientIdentity& client) {
  const auto known = clients_.find(client.chain_pem);
  if (known != clients_.end()) return known->second;
  const std::size_t number = clients_.size() + 1;
  const Client made{.certificate = path("client", number, ".pem"),
                    .key = path("client", number, ".key")};
  write_file(made.certificate, client.chain_pem);
  write_file(made.key, client.key_pem, /*secret=*/true);
  return clients_.emplace(client.chain_pem, made).first->second;
}

}  // namespace startle::program
