#pragma once
// --fail-if: what a CI holds its server to.

#include <optional>
#include <string>
#include <vector>

#include "cases/program/bench/plan.h"

namespace startle::program {

// "tls.p99>200ms", "handshakes_per_s<500", "failures>0".
struct BenchLimit {
  std::string said{};
  std::string metric{};  // "tls.p99"
  bool above = false;    // fails where it is more than `value`; else where it is less
  double value = 0;      // of a latency in microseconds
};
// Throws Error(Fault::usage) with what may be written.
BenchLimit parse_bench_limit(const std::string& text);

// Nothing where the row has no such thing: no go-ahead in smtps, no latency in memory, no rate
// where it is void.
std::optional<double> metric_of(const Row& row, const std::string& metric);

// Sentences: what is exceeded, by which row; and, of a limit that nothing was held to, that.
std::vector<std::string> exceeded(const std::vector<BenchLimit>& limits,
                                  const std::vector<Row>& rows);

}  // namespace startle::program
