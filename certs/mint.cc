#include "certs/mint.h"

#include <algorithm>
#include <utility>

#include "certs/issue.h"
#include "certs/key_pool.h"
#include "certs/recipe_writer.h"
#include "harness/base/bytes.h"
#include "harness/base/error.h"

namespace startle::certs {

// A certificate authority, with its key. Two that differ in anything, their issuers included, are
// two authorities with two keys.
struct Mint::Authority {
  std::string identity{};
  std::string der{};
  tls::Certificate certificate{};
  tls::PrivateKey key{};
};

struct Mint::Keys {
  KeyPool pool{};
  std::map<std::string, Authority> authorities{};                                // by identity
  std::map<std::string, std::shared_ptr<const tls::TrustStore>> trust_stores{};  // by anchor
};

namespace {

std::string pkcs8_pem(gnutls_x509_privkey_t key) {
  gnutls_datum_t pem{};
  tls::check(
      gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, nullptr, GNUTLS_PKCS_PLAIN, &pem),
      "gnutls_x509_privkey_export2_pkcs8");
  std::string text(reinterpret_cast<const char*>(pem.data), pem.size);
  gnutls_free(pem.data);
  return text;
}

std::string identity_of_root(const Recipe& recipe) {
  return write_root(recipe);  // says whether it is trusted
}

}  // namespace

Mint::Mint(std::chrono::sys_seconds clock) : clock_(clock), keys_(std::make_unique<Keys>()) {}
Mint::~Mint() = default;

std::shared_ptr<const Chain> Mint::chain(const Recipe& recipe, const std::string& host) {
  if (const std::string why = contradiction(recipe); !why.empty()) {
    throw Error(Fault::input, "recipe " + recipe.id + ": " + why);
  }
  const std::string written = write_recipe(recipe);
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const Chain>& known = chains_[{written, host}];
  if (!known) known = make(recipe, host, written);
  return known;
}

std::shared_ptr<const ClientIdentity> Mint::client(ClientCertificate kind,
                                                   const std::string& user) {
  if (kind == ClientCertificate::none) return nullptr;
  const Recipe recipe = client_recipe(kind, user);
  const auto made = chain(recipe, std::string(kServerName));
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const ClientIdentity>& known = clients_[{kind, user}];
  if (!known) {
    const gnutls_x509_privkey_t key = keys_->pool.end_entity_key(recipe.leaf.key);
    known = std::make_shared<const ClientIdentity>(ClientIdentity{
        .credentials = std::make_shared<const tls::ClientCredentials>(made->sent_der, key),
        .anchors = made->anchors,
        .chain_pem = to_pem(made->sent_der),
        .key_pem = made->leaf_key_pem});
  }
  return known;
}

const Mint::Authority& Mint::authority(const CertificateRecipe& recipe, const Authority* issuer,
                                       const std::string& host, const std::string& text) {
  const bool for_host = text.find('{') != std::string::npos;
  const std::string identity =
      (issuer != nullptr ? issuer->identity : "") + text + (for_host ? host : "") + "\n";
  const auto known = keys_->authorities.find(identity);
  if (known != keys_->authorities.end()) return known->second;
  Authority made{.identity = identity, .key = generate_key(recipe.key)};
  made.der = issue({.recipe = recipe,
                    .host = host,
                    .key = made.key.get(),
                    .issuer = issuer == nullptr ? Signer{}
                                                : Signer{.certificate = issuer->certificate.get(),
                                                         .key = issuer->key.get()},
                    .signs_others = true,
                    .identity = identity},
                   clock_);
  made.certificate = tls::certificate_from_der(made.der);
  return keys_->authorities.emplace(identity, std::move(made)).first->second;
}

std::shared_ptr<const tls::TrustStore> Mint::trust_store(const std::string& anchor) {
  auto& store = keys_->trust_stores[anchor];
  if (!store) store = std::make_shared<const tls::TrustStore>(std::vector{anchor});
  return store;
}

std::shared_ptr<const Chain> Mint::make(const Recipe& recipe, const std::string& host,
                                        const std::string& written) {
  auto chain = std::make_shared<Chain>();
  chain->recipe_id = recipe.id;
  chain->facts = facts_of(recipe, host);

  std::vector<const Authority*> path;  // from the root down
  if (recipe.leaf_issuer != LeafIssuer::self) {
    path.push_back(&authority(recipe.root, nullptr, host, identity_of_root(recipe)));
    for (const CertificateRecipe& one : recipe.intermediates) {
      path.push_back(&authority(one, path.back(), host, write_intermediate(one)));
    }
  }
  const gnutls_x509_privkey_t leaf_key = keys_->pool.end_entity_key(recipe.leaf.key);
  Request request{.recipe = recipe.leaf, .host = host, .key = leaf_key};
  request.identity = written + host;
  if (!path.empty()) {
    request.issuer = {.certificate = path.back()->certificate.get(), .key = path.back()->key.get()};
  }
  chain->all_der.push_back(issue(request, clock_));
  std::for_each(path.rbegin(), path.rend(),
                [&](const Authority* one) { chain->all_der.push_back(one->der); });
  for (const std::size_t index : sent_order(recipe)) {
    chain->sent_der.push_back(chain->all_der.at(index));
  }

  // A client that does not hold this recipe's root holds the one of the recipes that are all right.
  const bool holds_root = recipe.root_trusted && !path.empty();
  const Recipe valid = valid_recipe();
  const Authority& anchor =
      holds_root ? *path.front() : authority(valid.root, nullptr, host, identity_of_root(valid));
  chain->anchors_der = {anchor.der};
  chain->anchors = trust_store(anchor.der);
  chain->server = std::make_shared<const tls::ServerCredentials>(chain->sent_der, leaf_key);
  chain->leaf_key_pem = pkcs8_pem(leaf_key);
  return chain;
}

std::string to_pem(const std::vector<std::string>& der) {
  constexpr std::size_t kLine = 64;
  std::string pem;
  for (const std::string& one : der) {
    pem += "-----BEGIN CERTIFICATE-----\n";
    const std::string text = to_base64(one);
    for (std::size_t at = 0; at < text.size(); at += kLine) pem += text.substr(at, kLine) + "\n";
    pem += "-----END CERTIFICATE-----\n";
  }
  return pem;
}

}  // namespace startle::certs
