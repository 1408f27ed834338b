#pragma once
// A program that was started, in a world of real time: what it prints is kept, what it does not
// have to do any more is waited for.

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "harness/net/descriptor.h"
#include "harness/net/world.h"
#include "harness/subject/launcher.h"

namespace startle::subject {

// Of what a program may print; one that prints more is ended.
inline constexpr std::size_t kMostOutput = 8 << 20;

// How a program ended, as its keeper says.
struct ProgramEnd {
  KeeperReport report{};
  bool flooded = false;  // it was ended for what it printed
  std::string output{};  // of stdout
  std::string errors{};  // and stderr
};

class RunningProgram {
 public:
  // Takes over what was launched; destroying it ends the program.
  RunningProgram(net::RealWorld& world, const LaunchedProgram& launched);
  ~RunningProgram();
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  // Writes `input` to its stdin and closes that; reads until the program has ended, which it does
  // at its order's deadline at the latest. `waits`: as ExchangeRequest has it.
  net::Task<ProgramEnd> run(std::string input, std::function<void()> waits);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace startle::subject
