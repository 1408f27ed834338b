#pragma once
// Runs a selection on several threads and hands every verdict to the reports in the selection's
// order. Memory does not grow with the number of exchanges.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
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
RunResult run_all(const Catalogue& catalogue, const subject::Subject& subject, Selection& selection,
                  const RunOptions& options, const std::vector<report::Report*>& reports);

}  // namespace startle::cases
