#include "cases/engine/trust_pem.h"

#include "harness/base/bytes.h"

namespace startle::cases {

subject::TrustPem trust_pem(const subject::Abilities& client, const certs::Chain& chain,
                            const certs::ClientIdentity* identity) {
  subject::TrustPem pem;
  if (!client.reads_files) return pem;
  pem.authorities = certs::to_pem(chain.anchors->anchors_der());
  const auto& lists = chain.anchors->revocation_lists_der();
  if (client.takes_revocation_lists && !lists.empty()) {
    for (const std::string& list : lists) {
      pem.revocation_lists = pem.revocation_lists.value_or("") + startle::to_pem("X509 CRL", list);
    }
  }
  if (identity == nullptr) return pem;
  pem.certificate = identity->chain_pem;
  pem.key = identity->key_pem;
  return pem;
}

}  // namespace startle::cases
