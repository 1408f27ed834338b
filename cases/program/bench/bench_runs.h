#pragma once
// `startle bench` carried out: row after row, and what is told of them.

#include "cases/program/bench/bench_request.h"

namespace startle::program {

// The exit code.
int run_bench(const BenchOptions& options, const BenchRequest& request);

}  // namespace startle::program
