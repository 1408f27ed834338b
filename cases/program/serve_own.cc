#include "cases/program/serve_own.h"

#include "certs/key_pool.h"
#include "certs/shown_chain.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/shell_word.h"
#include "harness/oracle/host_name.h"
#include "harness/tls/client_certificate.h"

namespace startle::program {
namespace {

// Nobody is asked for a password here, and one on the command line can be read by others.
void refuse_encrypted(const std::string& key) {
  constexpr std::size_t kLongest = 1 << 20;
  const std::string pem = read_file(key, kLongest);
  const bool is_key = pem.find("PRIVATE KEY-----") != std::string::npos;
  if (!is_key || pem.find("ENCRYPTED") == std::string::npos) return;
  throw Error(Fault::input, key +
                                ": the private key is encrypted, and `serve` asks nobody for its "
                                "password: write it without one, `openssl pkey -in " +
                                shell_path(key) + " -out open.key`");
}

// A wildcard is nobody's name.
std::string first_host(const oracle::PresentedIdentity& presented) {
  std::vector<std::string> names = presented.dns_names;
  names.insert(names.end(), presented.ip_addresses.begin(), presented.ip_addresses.end());
  if (!presented.has_san()) names.push_back(presented.common_name);
  for (const std::string& name : names) {
    if (oracle::is_host_name(name) || oracle::address_octets(name)) return name;
  }
  return {};
}

}  // namespace

OwnCertificate read_own_certificate(const std::string& certificates, const std::string& key) {
  refuse_encrypted(key);
  const tls::Identity own = tls::identity_from_pem(certificates, key);
  certs::Chain chain{.recipe_id = certificates,
                     .sent_der = own.der,
                     .all_der = own.der,
                     .anchors_der = {own.der.back()}};
  chain.facts = certs::read_facts(own.der, chain.anchors_der);
  chain.server = std::make_shared<const tls::ServerCredentials>(own.der, own.key.get());
  chain.anchors = std::make_shared<const tls::TrustStore>(chain.anchors_der);
  chain.leaf_key_pem = certs::key_to_pem(own.key.get());
  OwnCertificate made{.host = first_host(chain.facts.presented)};
  made.chain = std::make_shared<const certs::Chain>(std::move(chain));
  return made;
}

}  // namespace startle::program
