#pragma once
// What a customer's own files say of one host of their configuration, as they are: a run of the
// configuration puts nothing better in their place.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "certs/mint.h"
#include "certs/shown_chain.h"
#include "harness/client/host_trust_store.h"
#include "harness/oracle/oracle.h"
#include "harness/words/words.h"

namespace startle::cases {

// Trust anchors, and the file that they come from; empty: there is none.
struct NamedAnchors {
  std::string file{};
  std::vector<std::string> der{};
  std::string whose = "this machine's";
  // "this machine's 142 authorities (FILE)"
  std::string described() const;
};

struct CustomerStore {
  words::HostStore kind = words::HostStore::host_missing;  // what it is called on the axis `store`
  oracle::KeptStore::State state = oracle::KeptStore::State::absent;
  std::string sentence{};                  // of one that is not opened: why; no full stop
  std::vector<std::string> trusted_der{};  // what Java takes for trusted, in the file's order
  // The Java runtime's own store, as there is none for the host: nothing counts beside it, whatever
  // a store for the host means.
  bool is_system = false;
  // Of one for the host: what the Java runtime's own holds; null: nobody has said.
  std::shared_ptr<const NamedAnchors> system{};
};
// How it is read where stores for a host are read so.
words::StoreModel reading_of(const CustomerStore& store, words::StoreModel model);

// What the server of the host shows, as somebody has fetched it.
struct ShownChain {
  std::string file{};
  std::vector<std::string> der{};  // not empty; end entity first
  std::shared_ptr<const NamedAnchors> machine = std::make_shared<const NamedAnchors>();
};

struct CustomerHost {
  std::optional<CustomerStore> store{};  // nullopt: none is looked for
  std::optional<ShownChain> shown{};     // nullopt: nobody has said
};

// What the oracle is told where a server shows the host a chain of ours.
struct MetStore {
  oracle::Facts facts{};
  oracle::KeptStore kept{};
};
// What the store is to certificates that are shown, end entity first, whoever has made them.
oracle::KeptStore kept_for(const CustomerStore& store, words::StoreModel model,
                           const std::vector<std::string>& sent_der);

// What oracle and client are told of the stores in a run: each is read once and shared by every
// worker, as a copy of Java's cacerts takes a tenth of a second. What is given outlives this. Safe
// to call from any thread.
class OpenedStores {
 public:
  MetStore meet(const CustomerStore& store, words::StoreModel model, const certs::Chain& chain);

  // The same certificates beside the anchors of `chain`, or in their place. Null where there is no
  // store. Throws nothing of a certificate that cannot be read: it is left out.
  std::shared_ptr<const client::HostTrustStore> open(const CustomerStore& store,
                                                     words::StoreModel model,
                                                     const certs::Chain& chain);

 private:
  // Of which store, how read, beside which anchors and revocation list.
  using Key = std::tuple<const CustomerStore*, words::StoreModel, std::vector<std::string>>;
  std::mutex mutex_{};  // guards all below
  std::map<Key, std::shared_ptr<const client::HostTrustStore>> opened_{};
  struct Matches {
    certs::StoreMatch host{};
    certs::StoreMatch system{};  // of one that has the Java runtime's beside it
  };
  std::map<std::pair<const CustomerStore*, const certs::Chain*>, Matches> matches_{};
};

}  // namespace startle::cases
