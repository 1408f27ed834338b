#include "certs/mint.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "certs/issue.h"
#include "certs/key_pool.h"
#include "certs/status.h"
#include "harness/base/bytes.h"
#include "harness/base/error.h"

namespace startle::certs {

// What is stated of a certificate authority, or of a certificate beside a chain. Two that differ in
// anything, their issuers included, are two with two keys, unless one is a cross-certificate of the
// other.
struct Mint::Subject {
  CertificateRecipe recipe{};
  const Authority* issuer = nullptr;    // null: itself
  gnutls_x509_privkey_t key = nullptr;  // null: one of its own
  std::string origin{};                 // beside a chain: which of which recipe
  bool signs_others = true;
  std::string host{};  // empty: the recipe has no placeholder
  bool operator==(const Subject&) const = default;
};

struct Mint::Authority {
  Subject subject{};
  std::string identity{};  // of its serial number
  std::string common_name{};
  std::string der{};
  gnutls_x509_privkey_t key = nullptr;
  std::chrono::sys_seconds clock{};  // that `der` is relative to
};

struct Mint::Keys {
  explicit Keys(const MintOptions& options) : pool(options.key_cache, options.tell) {}
  KeyPool pool;
  std::deque<Authority> authorities{};
  std::map<std::string, std::shared_ptr<const tls::TrustStore>> trust_stores{};  // by content
  gnutls_x509_privkey_t former = nullptr;  // of all certificates that have been renewed
};

namespace {

// The root that a client does not hold, which signed certificates beside the chain.
Recipe unknown_recipe() {
  Recipe recipe = valid_recipe();
  recipe.root_trusted = false;
  recipe.root.common_name = kUnknownRootName;
  return recipe;
}

bool has_placeholder(const CertificateRecipe& recipe) {
  const auto in = [](const std::string& text) { return text.find('{') != std::string::npos; };
  const auto in_value = [&](const auto& one) { return in(one.value); };
  return in(recipe.common_name) || std::ranges::any_of(recipe.names, in_value) ||
         std::ranges::any_of(recipe.name_constraints, in_value);
}

// Whether a validity that is so far from its nearest edge says of `now` what it says of the clock
// it was made for, and will go on to for a day.
bool lasts(std::chrono::seconds edge, std::chrono::sys_seconds made, std::chrono::sys_seconds now) {
  return edge > std::chrono::days{1} + std::chrono::abs(now - made);
}

// A serial number is the same in every run; no other certificate of its issuer has it.
std::string identity_of_leaf(const Recipe& recipe, const std::string& host) {
  return recipe.id + '\n' + host;
}

void refuse_contradiction(const Recipe& recipe) {
  const std::string why = contradiction(recipe);
  if (!why.empty()) throw Error(Fault::input, "recipe " + recipe.id + ": " + why);
}

}  // namespace

Mint::Mint(std::chrono::sys_seconds clock, const MintOptions& options)
    : clock_(clock), keys_(std::make_unique<Keys>(options)) {}
Mint::~Mint() = default;

std::shared_ptr<const Chain> Mint::chain(const Recipe& recipe, const std::string& host) {
  const std::lock_guard lock(mutex_);
  std::vector<Made>& known = chains_[{recipe.id, host}];
  for (const Made& one : known) {
    if (one.recipe == recipe) return one.chain;
  }
  refuse_contradiction(recipe);
  return known.emplace_back(Made{recipe, make(recipe, here(host))}).chain;
}

std::shared_ptr<const Chain> Mint::chain_at(const Recipe& recipe, const std::string& host,
                                            Dates dates) {
  if (recipe.revocation_list) dates.now = dates.given;
  const auto edge = nearest_edge(recipe);
  const bool kept = dates.now == clock_ && dates.given == clock_;
  if (kept || (lasts(edge, clock_, dates.now) && lasts(edge, clock_, dates.given))) {
    return chain(recipe, host);
  }
  refuse_contradiction(recipe);
  const std::lock_guard lock(mutex_);
  return make(recipe, {host, dates});
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

// One that was made for another clock is made again in its place: who has signed with its key still
// has.
const Mint::Authority& Mint::authority(Subject subject, const Place& place) {
  if (has_placeholder(subject.recipe)) subject.host = place.host;
  const Authority* issuer = subject.issuer;
  auto clock = issuer == nullptr ? place.dates.given : place.dates.now;
  if (lasts(edge_of(subject.recipe.validity), clock_, clock)) clock = clock_;
  const auto known = std::ranges::find(keys_->authorities, subject, &Authority::subject);
  if (known != keys_->authorities.end() && known->clock == clock) return *known;
  const bool is_new = known == keys_->authorities.end();
  Authority& made = is_new ? keys_->authorities.emplace_back() : *known;
  if (is_new) {
    made.subject = subject;
    made.common_name = fill_in(subject.recipe.common_name, place.host);
    made.key = subject.key != nullptr ? subject.key : keys_->pool.own_key(subject.recipe.key);
    made.identity = (issuer != nullptr ? issuer->identity : "") + made.common_name + '\n' +
                    subject.origin + '\n' + subject.host + '\n';
  }
  const Signer signer =
      issuer == nullptr ? Signer{} : Signer{.common_name = issuer->common_name, .key = issuer->key};
  made.der = issue({.recipe = subject.recipe,
                    .host = place.host,
                    .key = made.key,
                    .issuer = signer,
                    .signs_others = subject.signs_others,
                    .identity = made.identity},
                   clock);
  made.clock = clock;
  return made;
}

const Mint::Authority& Mint::root(const Recipe& recipe, const Place& place) {
  return authority({.recipe = recipe.root}, place);
}

const Mint::Authority& Mint::extra(const Recipe& recipe, std::size_t number,
                                   const std::vector<const Authority*>& path, const Place& place) {
  using Issuer = ExtraCertificate::Issuer;
  const ExtraCertificate& extra = recipe.extras.at(number);
  if (extra.issuer == Issuer::anchor_itself) return root(valid_recipe(), place);
  Subject subject{.recipe = certificate_of(extra, recipe),
                  .origin = std::to_string(number) + " of " + recipe.id};
  subject.signs_others = extra.subject_of != std::size_t{0};
  if (extra.same_key) {
    subject.key = *extra.subject_of == 0 ? keys_->pool.end_entity_key(recipe.leaf.key)
                                         : path[path.size() - *extra.subject_of]->key;
  }
  if (extra.issuer == Issuer::root) subject.issuer = path.front();
  if (extra.issuer == Issuer::leafs_issuer) subject.issuer = path.back();
  if (extra.issuer == Issuer::unknown_root) subject.issuer = &root(unknown_recipe(), place);
  return authority(std::move(subject), place);
}

std::shared_ptr<const tls::TrustStore> Mint::trust_store(const std::string& anchor,
                                                         const std::string& revocation_list) {
  auto& store = keys_->trust_stores[anchor + revocation_list];
  if (!store) {
    std::vector<std::string> lists;
    if (!revocation_list.empty()) lists.push_back(revocation_list);
    store = std::make_shared<const tls::TrustStore>(std::vector{anchor}, lists);
  }
  return store;
}

// From the root down; nobody where the end entity signs itself.
std::vector<const Mint::Authority*> Mint::path(const Recipe& recipe, const Place& place) {
  std::vector<const Authority*> made;
  if (recipe.leaf_issuer == LeafIssuer::self) return made;
  made.push_back(&root(recipe, place));
  for (const CertificateRecipe& one : recipe.intermediates) {
    made.push_back(&authority({.recipe = one, .issuer = made.back()}, place));
  }
  return made;
}

std::string Mint::former_certificate(const Recipe& recipe, const std::string& host) {
  const std::lock_guard lock(mutex_);
  if (keys_->former == nullptr) keys_->former = keys_->pool.own_key(KeyKind::ecdsa_p256);
  CertificateRecipe former = recipe.leaf;
  former.key = KeyKind::ecdsa_p256;
  former.damage = Damage::none;
  IssueRequest request{.recipe = former, .host = host, .key = keys_->former};
  request.identity = "former " + identity_of_leaf(recipe, host);
  const std::vector<const Authority*> issuers = path(recipe, here(host));
  if (!issuers.empty()) {
    request.issuer = {.common_name = issuers.back()->common_name, .key = issuers.back()->key};
  }
  return issue(request, clock_);
}

std::shared_ptr<const Chain> Mint::make(const Recipe& recipe, const Place& place) {
  const std::string& host = place.host;
  const auto clock = place.dates.now;
  auto chain = std::make_shared<Chain>();
  chain->recipe_id = recipe.id;
  chain->facts = facts_of(recipe, host);

  const std::vector<const Authority*> path = this->path(recipe, place);
  const gnutls_x509_privkey_t leaf_key = keys_->pool.end_entity_key(recipe.leaf.key);
  IssueRequest request{.recipe = recipe.leaf, .host = host, .key = leaf_key};
  request.identity = identity_of_leaf(recipe, host);
  if (!path.empty()) {
    request.issuer = {.common_name = path.back()->common_name, .key = path.back()->key};
  }
  chain->all_der.push_back(issue(request, clock));
  std::for_each(path.rbegin(), path.rend(),
                [&](const Authority* one) { chain->all_der.push_back(one->der); });
  std::vector<std::string> places = chain->all_der;
  for (std::size_t i = 0; i < recipe.extras.size(); ++i) {
    places.push_back(extra(recipe, i, path, place).der);
  }
  for (const std::size_t at : sent_order(recipe)) chain->sent_der.push_back(places.at(at));

  const std::string serial = serial_number(request, clock);
  const auto signing = [&](bool by_a_stranger) {
    return by_a_stranger ? keys_->pool.own_key(KeyKind::ecdsa_p256) : request.issuer.key;
  };
  if (const auto& list = recipe.revocation_list) {
    chain->revocation_list_der =
        revocation_list(*list, request.issuer, signing(list->by_a_stranger), serial, clock);
  }
  if (const auto& staple = recipe.staple) {
    chain->staple_der =
        ocsp_response(*staple, request.issuer, signing(staple->by_a_stranger), serial, clock);
  }
  // A client that does not hold this recipe's root holds the one of the recipes that are all right.
  const bool holds_root = recipe.root_trusted && !path.empty();
  const Authority& anchor = holds_root ? *path.front() : root(valid_recipe(), place);
  chain->anchors_der = {anchor.der};
  chain->anchors = trust_store(anchor.der, chain->revocation_list_der);
  chain->server =
      std::make_shared<const tls::ServerCredentials>(chain->sent_der, leaf_key, chain->staple_der);
  if (recipe.tls_1_2_only) chain->versions = tls::Versions::tls_1_2;
  chain->leaf_key_pem = key_to_pem(leaf_key);
  return chain;
}

std::string to_pem(const std::vector<std::string>& der) {
  std::string pem;
  for (const std::string& one : der) pem += startle::to_pem("CERTIFICATE", one);
  return pem;
}

}  // namespace startle::certs
