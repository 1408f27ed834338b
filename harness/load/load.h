#pragma once
// Load on a server: exchanges of one client, many at once, and how long each of their parts took.
// *Closed loop*: each connection begins the next exchange when it is done with one. *Open loop*:
// exchanges arrive by a schedule, whatever becomes of those before, and the time of each counts
// from when it was to begin: a server that stalls is seen by all that arrive meanwhile, where a
// closed loop only waits with it (coordinated omission).

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "harness/base/words.h"
#include "harness/load/counted.h"
#include "harness/load/histogram.h"
#include "harness/net/world.h"
#include "harness/subject/subject.h"
#include "harness/words/words.h"

namespace startle::load {

// What of an exchange is timed.
enum class Part {
  connect,
  greeting,  // and what the server offers in clear
  go_ahead,  // from STARTTLS to its answer
  tls,       // the handshake
  after,     // what follows inside TLS, but for taking leave
  total,     // all of these; in an open loop from the intended beginning on
};
inline constexpr auto kParts = word_table<Part>({
    {Part::connect, "connect"},
    {Part::greeting, "greeting"},
    {Part::go_ahead, "go-ahead"},
    {Part::tls, "tls"},
    {Part::after, "after"},
    {Part::total, "total"},
});
constexpr Words words_of(Part) {
  return kParts;
}

// What somebody else may look at meanwhile.
struct LoadCounts {
  std::atomic<std::uint64_t> done = 0;
  std::atomic<std::uint64_t> failed = 0;
  std::atomic<std::uint64_t> open = 0;  // under way
  std::atomic<bool> stop = false;       // set from outside: nothing begins any more
};

struct LoadOptions {
  // Closed loop: as many at once. Open loop: no more at once; what arrives beyond waits.
  std::size_t connections = 1;
  double rate = 0;  // of an open loop: arrivals a second; 0: a closed loop
  // Nothing begins any more after so long, or so many exchanges.
  net::Instant length = net::kNever;
  std::uint64_t exchanges = std::numeric_limits<std::uint64_t>::max();
  bool resumes = false;  // TLS sessions, by tickets
  // Of a generator of several threads: which of their arrivals are this one's.
  std::size_t thread = 0;
  std::size_t threads = 1;
};

struct LoadResult {
  std::uint64_t done = 0;     // exchanges that succeeded
  std::uint64_t resumed = 0;  // of those, in an earlier TLS session
  std::map<words::Ending, std::uint64_t> failures{};
  std::map<words::Ending, std::string> said{};  // of each, what the first such client said
  std::array<Histogram, kParts.size()> took{};  // of those that succeeded, by Part
  Traffic traffic{};                            // of all
  net::Instant lasted{};                        // until the last was over
  std::string tls_version{};                    // of the last that succeeded
  std::string tls_group{};

  const Histogram& of(Part part) const { return took[static_cast<std::size_t>(part)]; }
  std::uint64_t failed() const;
  void merge(const LoadResult& other);
};

// The server, as exchanges reach it; all of it outlives the load.
struct LoadTarget {
  const subject::Subject& subject;
  net::Connector& connector;
  const client::Settings& settings;
  net::Endpoint endpoint{};   // as ExchangeRequest has it
  subject::TrustPem trust{};  // so
  std::chrono::milliseconds deadline{30'000};
};

// Ends when the last exchange has. What is referred to must outlive the task.
net::Task<void> load(net::World& world, const LoadTarget& target, const LoadOptions& options,
                     LoadCounts& counts, LoadResult& result);

}  // namespace startle::load
