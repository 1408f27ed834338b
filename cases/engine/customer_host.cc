#include "cases/engine/customer_host.h"

#include "harness/base/error.h"
#include "harness/tls/credentials.h"

namespace startle::cases {
namespace {

using oracle::KeptStore;
using oracle::Path;
using words::StoreModel;

std::string sentence_of(const CustomerStore& store, const certs::StoreMatch& match) {
  if (store.state != KeptStore::State::opened) return store.sentence;
  const std::string holds =
      store.is_system ? "the Java runtime's own store holds " : "the host's key store holds ";
  const std::size_t count = store.trusted_der.size();
  if (match.holds) return holds + "the certificate that the server shows";
  if (match.holds_key) return holds + "another certificate of the server's name and key";
  if (match.has_issued) return holds + "the issuer of what the server shows";
  if (count == 0) return holds + "no certificate that Java trusts";
  if (count == 1) {
    return holds +
           "one trusted certificate, which is not the server's and has issued nothing of "
           "what it shows";
  }
  return holds + std::to_string(count) +
         " trusted certificates, of which none is the server's or has issued what it shows";
}

KeptStore kept_with(const CustomerStore& store, StoreModel model, const certs::StoreMatch& match) {
  return {.state = store.state,
          .holds_shown = model == StoreModel::jsse ? match.holds : match.holds_key,
          .is_in_path = match.has_issued,
          .is_system = store.is_system,
          .sentence = sentence_of(store, match)};
}

bool is_readable(const std::string& der) {
  try {
    tls::certificate_from_der(der);
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::vector<std::string> readable(std::vector<std::string> ders) {
  std::erase_if(ders, [](const std::string& der) { return !is_readable(der); });
  return ders;
}

}  // namespace

StoreModel reading_of(const CustomerStore& store, StoreModel model) {
  return store.is_system ? StoreModel::jsse : model;
}

std::string NamedAnchors::described() const {
  if (file.empty()) return "none, as no authorities of this machine were found";
  return whose + " " + std::to_string(der.size()) +
         (der.size() == 1 ? " authority (" : " authorities (") + file + ")";
}

KeptStore kept_for(const CustomerStore& store, StoreModel model,
                   const std::vector<std::string>& sent_der) {
  return kept_with(store, reading_of(store, model),
                   certs::match_store(sent_der, store.trusted_der));
}

MetStore OpenedStores::meet(const CustomerStore& store, StoreModel asked,
                            const certs::Chain& chain) {
  const StoreModel model = reading_of(store, asked);
  std::unique_lock lock(mutex_);
  const auto [found, is_new] = matches_.try_emplace({&store, &chain});
  if (is_new) {
    found->second.host = certs::match_store(chain.sent_der, store.trusted_der);
    if (store.system) {
      found->second.system = certs::match_store(chain.sent_der, store.system->der);
    }
  }
  const Matches matches = found->second;
  lock.unlock();
  const certs::StoreMatch& match = matches.host;
  MetStore met{.facts = chain.facts, .kept = kept_with(store, model, match)};
  Path& path = met.facts.path;
  // What the Java runtime trusts stands in the place of what this chain is anchored in.
  const bool is_unknown = store.system && !matches.system.has_issued && !matches.system.holds;
  if (is_unknown && path == Path::anchored) path = Path::unknown_anchor;
  const bool is_open =
      path != Path::self_signed && (model == StoreModel::jsse || path != Path::anchored);
  const bool is_systems = is_unknown && model == StoreModel::documented;
  const bool has_namesake = match.has_namesake || (is_systems && matches.system.has_namesake);
  if (has_namesake && !match.has_issued && is_open) path = Path::namesake;
  return met;
}

std::shared_ptr<const client::HostTrustStore> OpenedStores::open(const CustomerStore& store,
                                                                 StoreModel asked,
                                                                 const certs::Chain& chain) {
  if (store.state == KeptStore::State::absent) return nullptr;
  if (store.state == KeptStore::State::unusable) {
    return std::make_shared<const client::HostTrustStore>(
        client::HostTrustStore::unusable(store.sentence));
  }
  const StoreModel model = reading_of(store, asked);
  std::vector<std::string> beside = chain.anchors_der;
  beside.push_back(chain.revocation_list_der);
  const std::lock_guard lock(mutex_);
  auto& opened = opened_[Key(&store, model, std::move(beside))];
  if (opened) return opened;
  if (store.system) {
    const tls::TrustStore system(readable(store.system->der),
                                 chain.anchors->revocation_lists_der());
    opened =
        std::make_shared<const client::HostTrustStore>(readable(store.trusted_der), system, model);
  } else {
    opened = std::make_shared<const client::HostTrustStore>(readable(store.trusted_der),
                                                            *chain.anchors, model);
  }
  return opened;
}

}  // namespace startle::cases
