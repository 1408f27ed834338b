#pragma once
// Carries out a row: the threads of the generator, the line on the terminal meanwhile, and what the
// two ends cost.

#include <functional>
#include <memory>
#include <optional>

#include "cases/program/bench/own_server.h"
#include "cases/program/bench/plan.h"
#include "harness/subject/subject.h"

namespace startle::program {

// Whom the load meets, and what the client is told. What is pointed to outlives the row.
struct BenchPlace {
  std::string server{};  // for people
  std::optional<certs::KeyKind> key{};
  client::Settings client{};
  std::optional<net::Endpoint> at{};  // nothing: it is in memory
  const OwnServer* own = nullptr;     // that is there
  const fake::Server* in_memory = nullptr;
  const subject::Subject* subject = nullptr;  // null: the built-in client
  subject::TrustPem trust{};
  std::chrono::milliseconds deadline{10'000};

  void meets(const OwnServer& ours) {
    at = ours.endpoint();
    own = &ours;
  }
};

// What is told while it is under way, ten times a second.
struct BenchMoment {
  double seconds = 0;
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  std::uint64_t open = 0;
};
using TellBench = std::function<void(const RowPlan& plan, const BenchMoment& moment)>;

// Ends early on a signal (Interruption), and where nothing but failures come. Throws
// Error(Fault::system) where a thread cannot be had.
Row measure(const RowPlan& plan, const BenchPlace& place, const TellBench& tell);

// CPU time of programs that have ended and been waited for, in microseconds.
double ended_children_cpu_us();

// Raises the limit of open files to what this process may have, for so many connections; a
// sentence where that is not enough.
std::string make_room_for(std::size_t connections);

// In GnuTLS's words, what a client of these parameters offers.
std::string bench_priority(const BenchTls& tls);

}  // namespace startle::program
