#pragma once
// Runs one exchange of a run, from the certificate that it shows to its judgement.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "cases/engine/catalogue.h"
#include "cases/engine/customer_host.h"
#include "cases/engine/host_stores.h"
#include "cases/engine/run.h"
#include "certs/mint.h"
#include "harness/subject/subject.h"

namespace startle::cases {

// What the exchanges of a run have in common. From any thread.
struct Surroundings {
  Surroundings(const Catalogue& of, const subject::Subject& under_test, const RunOptions& how);

  const Catalogue& catalogue;
  const subject::Subject& subject;
  const subject::Standing standing;  // the subject's, which nobody has to be asked for again
  const RunOptions options;
  const std::shared_ptr<certs::Mint> minting;
  certs::Mint& mint;
  HostStores stores;
  OpenedStores customers{};
  const std::chrono::system_clock::time_point began;
};

// Told what is right for an exchange before it begins, and before each further try of one that
// races.
using Expects = std::function<void(const Expectation&)>;

// `worker` is made where there is none, by `how`. Whatever cannot be is a verdict too.
Judgement run_exchange(Surroundings& surroundings, const Worker::Options& how,
                       std::optional<Worker>& worker, const Exchange& exchange,
                       const Expects& expects = {});

// Of one that blocks its thread, which may hold any lock: so it takes none. `expected`: what
// run_exchange() has told; nullopt: it did not come so far.
Judgement judgement_of_hung(const Surroundings& surroundings, const Exchange& exchange,
                            const std::optional<Expectation>& expected);

}  // namespace startle::cases
