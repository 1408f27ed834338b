#include "cases/engine/host_stores.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>
#include <vector>

#include "certs/jks.h"
#include "certs/pkcs12.h"
#include "harness/base/error.h"
#include "harness/customer/home/home.h"
#include "harness/customer/store/store.h"

namespace startle::cases {
namespace {

using words::HostStore;
using words::StoreModel;

namespace fs = std::filesystem;

constexpr const char* kJavasPassword = "changeit";  // of the runtime's own store
constexpr const char* kPassword = "the store's own";
constexpr const char* kWrongPassword = "another than the store's";
constexpr const char* kAlias = "mykey";  // what keytool calls an entry that is not given a name
constexpr const char* kOtherServer = "another-server.example.net";
// Between guessing a password and a matrix of many stores; keytool itself takes 10000.
constexpr int kIterations = 1000;

// One certificate, or several, under names that Java keeps apart.
using Entries = std::vector<std::pair<std::string, std::string>>;
Entries entries_of(const std::vector<std::string>& der) {
  Entries entries;
  for (const std::string& one : der) {
    entries.emplace_back(kAlias + (entries.empty() ? "" : std::to_string(entries.size())), one);
  }
  return entries;
}

// The home folder that one value of the axis stands for, and how it is opened.
struct Home {
  fs::path folder{};
  std::optional<std::string> password{};
};

void keep(const Home& home, const std::string& base_name, const std::string& bytes) {
  write_file(home.folder / "keystore" / (base_name + ".ks"), bytes);
}

// Java opens a PKCS #12 without a password for what is not encrypted; the page's reading tries
// `changeit`. To the finder of stores an empty password is the former.
std::optional<std::string> no_password(StoreModel model) {
  return model == StoreModel::jsse ? std::optional<std::string>("") : std::nullopt;
}

// A store that nobody can use makes the configuration wrong; one that is not there leaves the
// system's.
bool is_absent(const customer::FoundStore& found) {
  using enum customer::StoreProblem;
  return std::any_of(found.diagnoses.begin(), found.diagnoses.end(), [](const auto& diagnosis) {
    return diagnosis.problem == missing || diagnosis.problem == misnamed ||
           diagnosis.problem == wrong_extension || diagnosis.problem == unreadable;
  });
}

std::vector<std::string> trusted_of(const customer::Store& store) {
  std::vector<std::string> der;
  for (const customer::StoreEntry& entry : store.entries) {
    if (entry.trusted) der.push_back(entry.der);
  }
  return der;
}

bool has_what_is_shown(HostStore store) {
  return store != HostStore::system && store != HostStore::host_missing &&
         store != HostStore::host_other_certificate && store != HostStore::host_renewed_certificate;
}

}  // namespace

std::string cannot_hold(HostStore store, const oracle::Facts& facts) {
  using enum oracle::Flaw;
  constexpr std::array kUnreadable{unreadable, trailing_bytes, algorithms_differ,
                                   duplicate_extension};
  if (!has_what_is_shown(store)) return "";
  if (facts.end_entity_flaw == not_minimal) {
    return "GnuTLS, which reads what a key store holds here, reads no certificate in BER";
  }
  const bool readable =
      std::find(kUnreadable.begin(), kUnreadable.end(), facts.end_entity_flaw) == kUnreadable.end();
  if (readable) return "";
  return "keytool imports no certificate that cannot be read: no key store holds this one";
}

std::shared_ptr<const client::HostTrustStore> HostStores::open(const Exchange& exchange,
                                                               const certs::Recipe& recipe,
                                                               const certs::Chain& chain) {
  if (exchange.store == HostStore::system) return nullptr;
  const std::lock_guard lock(mutex_);
  const std::tuple key(&chain, exchange.store, exchange.store_model);
  const auto known = opened_.find(key);
  if (known != opened_.end()) return known->second;
  return opened_.emplace(key, make(exchange, recipe, chain)).first->second;
}

std::shared_ptr<const client::HostTrustStore> HostStores::make(const Exchange& exchange,
                                                               const certs::Recipe& recipe,
                                                               const certs::Chain& chain) {
  if (!folder_) folder_.emplace();
  const auto created = mint_.clock();
  const std::string& host = exchange.host;
  const std::vector<std::string> shown{chain.sent_der.front()};
  const auto jks = [&](const std::vector<std::string>& der, const char* password) {
    return certs::write_jks(entries_of(der), password, created);
  };
  const auto pkcs12 = [&](const char* password) {
    return certs::write_pkcs12_truststore(entries_of(shown), password, kIterations);
  };

  Home home{.folder = folder_->path() / std::to_string(opened_.size()), .password = kPassword};
  fs::create_directories(home.folder / "keystore");
  switch (exchange.store) {
    case HostStore::system:
    case HostStore::host_missing:
      break;
    case HostStore::host_jks:
      keep(home, host, jks(shown, kPassword));
      break;
    case HostStore::host_pkcs12:
      keep(home, host, pkcs12(kPassword));
      break;
    case HostStore::host_no_password:
      home.password = no_password(exchange.store_model);
      keep(home, host, pkcs12(kJavasPassword));
      break;
    case HostStore::host_wrong_password:
      home.password = kWrongPassword;
      keep(home, host, pkcs12(kPassword));
      break;
    case HostStore::host_misnamed:
      keep(home, host.substr(0, host.find('.')) + "-mail", jks(shown, kPassword));
      break;
    case HostStore::host_corrupt: {
      const std::string whole = jks(shown, kPassword);
      keep(home, host, whole.substr(0, whole.size() / 2));
      break;
    }
    case HostStore::host_other_certificate: {
      const auto other = mint_.chain(certs::valid_recipe(), kOtherServer);
      keep(home, host, jks({other->sent_der.front()}, kPassword));
      break;
    }
    case HostStore::host_renewed_certificate:
      keep(home, host, jks({mint_.former_certificate(recipe, host)}, kPassword));
      break;
    case HostStore::cacerts: {
      const fs::path file = home.folder / "cacerts";
      std::vector<std::string> all = chain.anchors_der;
      all.insert(all.end(), shown.begin(), shown.end());
      write_file(file, jks(all, kJavasPassword));
      return std::make_shared<const client::HostTrustStore>(
          trusted_of(customer::read_store_file(file, kJavasPassword)), *chain.anchors,
          exchange.store_model);
    }
  }

  const customer::FoundStore found = customer::find_host_store(home.folder, host, home.password);
  if (found.store) {
    return std::make_shared<const client::HostTrustStore>(trusted_of(*found.store), *chain.anchors,
                                                          exchange.store_model);
  }
  if (is_absent(found)) return nullptr;
  std::string why = found.diagnoses.empty() ? "the host's key store cannot be opened"
                                            : found.diagnoses.front().sentence;
  // The same in every run, whatever its temporary folder is called.
  const std::string folder = home.folder.string();
  for (std::size_t at = why.find(folder); at != std::string::npos; at = why.find(folder, at)) {
    why.replace(at, folder.size(), "TRACKPLUS_HOME");
  }
  return std::make_shared<const client::HostTrustStore>(client::HostTrustStore::unusable(why));
}

}  // namespace startle::cases
