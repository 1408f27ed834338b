#pragma once
// What `startle bench --matrix` goes through.

#include <vector>

#include "cases/program/bench/bench_request.h"

namespace startle::program {

struct Combination {
  certs::KeyKind key{};
  RowPlan plan{};
};

// Each key kind with each TLS version, group, resumption and mode, unless one is stated.
std::vector<Combination> combinations(const BenchRequest& request, const BenchOptions& options);

}  // namespace startle::program
