#pragma once
// Runs a selection on several threads and hands every verdict to the reports in the selection's
// order. Memory does not grow with the number of exchanges.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/expected_failures.h"
#include "cases/engine/judge.h"
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
};

// The deadline and ten seconds. In memory, where a deadline is virtual time, a minute at least.
std::chrono::milliseconds watchdog_of(const Worker::Options& worker);

struct RunResult {
  report::Tally tally{};
  report::Configurations configurations{};
  bool threads_abandoned = false;  // a subject blocks: leave by std::_Exit once reports are written
};

// `reports` are not begun or ended here.
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
