#pragma once
// The key stores of the matrix's axis `store`: real files in Allegra's layout, below a temporary
// folder, found and opened as a customer's are (harness/customer/home/home.h). Each is written and
// read once and shared by every worker.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

#include "cases/engine/exchange.h"
#include "certs/mint.h"
#include "certs/recipe.h"
#include "harness/base/file.h"
#include "harness/client/host_trust_store.h"

namespace startle::cases {

// Why no store of this kind can hold what the server shows: keytool imports no certificate that it
// cannot read, and GnuTLS reads none that is not in DER. Empty: one can.
std::string cannot_hold(words::HostStore store, const oracle::Facts& facts);

class HostStores {
 public:
  // `mint` outlives this, and makes the certificates of other servers and of former times.
  explicit HostStores(certs::Mint& mint) : mint_(mint) {}

  // What the exchange's client has for its host, which shows `chain` of `recipe`. Null: nothing
  // that it would find. Safe to call from any thread. Throws Error.
  std::shared_ptr<const client::HostTrustStore> open(const Exchange& exchange,
                                                     const certs::Recipe& recipe,
                                                     const certs::Chain& chain);

 private:
  std::shared_ptr<const client::HostTrustStore> make(const Exchange& exchange,
                                                     const certs::Recipe& recipe,
                                                     const certs::Chain& chain);

  certs::Mint& mint_;
  std::mutex mutex_{};  // guards all below
  std::optional<TemporaryFolder> folder_{};
  std::map<std::tuple<const certs::Chain*, words::HostStore, words::StoreModel>,
           std::shared_ptr<const client::HostTrustStore>>
      opened_{};
};

}  // namespace startle::cases
