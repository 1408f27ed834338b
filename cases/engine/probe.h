#pragma once
// Before a program of somebody else's is judged: whether it can be used at all, and what it can be
// told. What it cannot is never held against it. A sanity exchange in each mode comes first, and
// once more when all is done: a client that fails there says nothing by failing elsewhere.

#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/run.h"
#include "harness/subject/subject.h"

namespace startle::cases {

struct UnusableMode {
  words::Mode mode = words::Mode::smtp_starttls;
  std::string why{};
};

struct Sanity {
  std::vector<words::Mode> usable{};
  std::vector<UnusableMode> unusable{};
};

struct ProbeSettings {
  std::string host = "smtp.example.test";
  words::TrustModel trust_model = words::TrustModel::pkix;
  std::uint64_t seed = 1;
};

// A well-behaved server in each of `modes`. What the client says that it does not speak is neither.
// Throws Error(Fault::input) where what the client answers is nonsense.
Sanity sanity(const Catalogue& catalogue, const subject::Subject& client, const RunOptions& how,
              const ProbeSettings& settings, const std::vector<words::Mode>& modes);

// What of everything a client that is told all finds its way through, in the modes that are
// `usable`: each by an exchange that has to succeed.
subject::Abilities abilities_found(const Catalogue& catalogue, const subject::Subject& client,
                                   const RunOptions& how, const ProbeSettings& settings,
                                   const std::vector<words::Mode>& usable);

}  // namespace startle::cases
