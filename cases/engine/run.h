#pragma once
// Runs a selection on several threads and hands every verdict to the reports in the selection's
// order. Memory does not grow with the number of exchanges.

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/expected_failures.h"
#include "cases/engine/judge.h"
#include "cases/engine/reporter.h"
#include "cases/engine/selection.h"
#include "cases/engine/worker.h"
#include "harness/report/configuration.h"
#include "harness/report/summary.h"

namespace startle::cases {

struct RunOptions {
  Worker::Options worker{};
  unsigned jobs = 1;
  bool keep_dialogue = false;  // of passing exchanges too
  // The command that runs an exchange of this run again; a failure's finding says it.
  std::function<std::string(const Exchange&)> reproduce{};
  // Real time that one exchange may block its thread before it counts as hung; 0: as the deadline
  // has it.
  std::chrono::milliseconds watchdog{};
  certs::MintOptions mint{};
  // Of several runs of one clock, which need not make the same chains again; null: the run's own.
  std::shared_ptr<certs::Mint> shared_mint{};
  // What is known to fail: counted apart, and in no finding. null: nothing.
  ExpectedFailures* expected = nullptr;
  // Called now and then with the number of finished exchanges.
  std::function<void(std::size_t done)> progress{};
  // Asked now and then: true ends the run. What is under way has two seconds to end.
  std::function<bool()> stop{};
  // Told in one sentence that the run goes on with less than was asked for.
  std::function<void(const std::string& sentence)> warn{};
  // Called before each next() of the source, under a lock: a judgement takes the place of the next
  // exchange, which the source then has passed over.
  std::function<std::optional<Judgement>()> known{};
  // When the clock stood as the options have it; nullopt: when the run begins.
  std::optional<std::chrono::system_clock::time_point> began{};
};

// The deadline and ten seconds. In memory, where a deadline is virtual time, a minute at least.
std::chrono::milliseconds watchdog_of(const Worker::Options& worker);

struct RunResult {
  report::Tally tally{};
  report::Configurations configurations{};
  bool threads_abandoned = false;  // a subject blocks: leave by std::_Exit once reports are written
  bool stopped = false;            // by options.stop, or by a failure: there are more exchanges
  std::exception_ptr failure{};    // what has ended the run; null: nothing
};

// Hands what was judged on to `reporter`, however the run ends.
RunResult run_all(const Catalogue& catalogue, const subject::Subject& subject,
                  ExchangeSource& source, const RunOptions& options, Reporter& reporter);
// So to `reports`, which are not begun or ended here. Throws the failure that has ended the run.
RunResult run_all(const Catalogue& catalogue, const subject::Subject& subject,
                  ExchangeSource& source, const RunOptions& options,
                  const std::vector<report::Report*>& reports);

// Runs and judges one exchange at a time, on the thread that calls it, without a watchdog.
class Bench {
 public:
  // `catalogue` and `subject` outlive this.
  Bench(const Catalogue& catalogue, const subject::Subject& subject, const RunOptions& options);
  ~Bench();
  Judgement judge(const Exchange& exchange);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace startle::cases
