#pragma once
// Notes an exchange's phases as they come, for its Outcome: each ends where the next begins.

#include <utility>
#include <vector>

#include "harness/client/outcome.h"
#include "harness/net/world.h"

namespace startle::client {

class PhaseRecorder {
 public:
  explicit PhaseRecorder(const net::World& world) : world_(world) { phases_.reserve(kMost); }

  // Nothing changes in the phase that is under way already.
  void begin(Phase phase) {
    if (!phases_.empty() && phases_.back().phase == phase) return;
    end();
    phases_.push_back({.phase = phase, .began = world_.now()});
  }
  // In the phase that is under way. Of several replies the last one counts.
  void hear(PhaseReply reply) { phases_.back().reply = std::move(reply); }
  // The exchange is over.
  std::vector<PhaseRecord> take() {
    end();
    return std::exchange(phases_, {});
  }

 private:
  static constexpr std::size_t kMost = kPhases.size();
  void end() {
    if (!phases_.empty()) phases_.back().ended = world_.now();
  }

  const net::World& world_;
  std::vector<PhaseRecord> phases_{};
};

}  // namespace startle::client
