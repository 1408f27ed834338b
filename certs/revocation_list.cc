#include "certs/der.h"
#include "certs/extensions.h"
#include "certs/signature.h"
#include "certs/status.h"

namespace startle::certs {
namespace {

// All that a list says of `serial`, if it says anything.
std::string entries(bool revokes, const std::string& serial, const std::string& since) {
  if (!revokes) return {};  // RFC 5280, 5.1.2.6: an empty list is absent
  return der::sequence(der::sequence(der::element(der::kInteger, serial) + since));
}

}  // namespace

std::string revocation_list(const RevocationListRecipe& list, const Signer& issuer,
                            gnutls_x509_privkey_t key, const std::string& serial,
                            std::chrono::sys_seconds clock) {
  const SignatureScheme scheme = scheme_of(key, oracle::Digest::sha256);
  const std::string issued = time_at(clock, list.validity.from);
  const std::string extensions =
      extension("2.5.29.35", false, der::sequence(der::element(0x80, key_identifier(issuer.key)))) +
      extension("2.5.29.20", false, der::integer(1));  // cRLNumber
  const std::string content =
      der::integer(1) /* version 2 */ + scheme.identifier + distinguished_name(issuer.common_name) +
      issued + time_at(clock, list.validity.until) + entries(list.revokes_leaf, serial, issued) +
      der::element(0xa0, der::sequence(extensions));
  return signed_sequence(key, scheme, der::sequence(content));
}

}  // namespace startle::certs
