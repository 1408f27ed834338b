#include "cases/program/bench/plan.h"

#include <algorithm>

namespace startle::program {

std::optional<BenchGroup> group_called(std::string_view name) {
  const auto found = std::ranges::find(kGroupNames, name);
  if (found == kGroupNames.end()) return {};
  return static_cast<BenchGroup>(found - kGroupNames.begin());
}

std::optional<double> Row::rate() const {
  constexpr double kMostFailures = 0.01;
  if (result.done == 0 || result.failures.count(words::Ending::throttled) > 0) return {};
  const auto failed = static_cast<double>(result.failed());
  if (failed > kMostFailures * (failed + done())) return {};
  return done() / wall_s;
}

std::string described(const RowPlan& plan) {
  std::string text(word(plan.mode));
  text += ", TLS " + std::string(word(plan.tls.version));
  if (plan.tls.group) text += ", " + std::string(word(*plan.tls.group));
  if (plan.tls.resumption == Resumption::ticket) text += ", resumed by tickets";
  if (plan.transport == cases::Transport::memory) text += ", in memory";
  return text + ", stops after " + std::string(word(plan.stop_after));
}

}  // namespace startle::program
