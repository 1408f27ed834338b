#include "cases/engine/written_trust.h"

#include "harness/base/bytes.h"

namespace startle::cases {

WrittenTrust::WrittenTrust(const subject::Abilities& client, const certs::Chain& chain,
                           const certs::ClientIdentity* identity) {
  if (!client.reads_files) return;
  folder_.emplace();
  const auto write = [this](const char* name, const std::string& pem, bool secret = false) {
    const auto file = folder_->path() / name;
    write_file(file, pem, secret);
    return file;
  };
  files_.authorities = write("authorities.pem", certs::to_pem(chain.anchors->anchors_der()));
  const auto& lists = chain.anchors->revocation_lists_der();
  if (client.takes_revocation_lists && !lists.empty()) {
    std::string pem;
    for (const std::string& list : lists) pem += to_pem("X509 CRL", list);
    files_.revocation_lists = write("revocation-lists.pem", pem);
  }
  if (identity == nullptr) return;
  files_.certificate = write("certificate.pem", identity->chain_pem);
  files_.key = write("key.pem", identity->key_pem, true);
}

}  // namespace startle::cases
