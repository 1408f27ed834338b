#pragma once
// What a customer's own files say of one host of their configuration, as they are: a run of the
// configuration puts nothing better in their place.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "certs/mint.h"
#include "harness/client/host_trust_store.h"
#include "harness/oracle/oracle.h"
#include "harness/words/words.h"

namespace startle::cases {

struct CustomerStore {
  words::HostStore kind = words::HostStore::host_missing;  // what it is called on the axis `store`
  oracle::KeptStore::State state = oracle::KeptStore::State::absent;
  std::string sentence{};                  // of one that is not opened: why; no full stop
  std::vector<std::string> trusted_der{};  // what Java takes for trusted, in the file's order
};

struct CustomerHost {
  std::optional<CustomerStore> store{};  // nullopt: none is looked for
};

// What the oracle is told where a server shows the host a chain of ours.
struct MetStore {
  oracle::Facts facts{};
  oracle::KeptStore kept{};
};
MetStore meet(const CustomerStore& store, words::StoreModel model, const certs::Chain& chain);

// What the client has: the same certificates beside the anchors of `chain`, or in their place. Null
// where there is no store. Throws nothing of a certificate that cannot be read: it is left out.
std::shared_ptr<const client::HostTrustStore> opened(const CustomerStore& store,
                                                     words::StoreModel model,
                                                     const certs::Chain& chain);

}  // namespace startle::cases
