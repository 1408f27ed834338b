#pragma once
// Starts programs from a small process of its own: it was forked when there was one thread and
// little memory, so that a start costs next to nothing, and nothing of ours is inherited.
// Everything that it has started ends with it, and it ends with us, however we end.

#include <memory>
#include <string>

#include "harness/subject/launch_order.h"

namespace startle::subject {

// Of one that runs; each is the caller's to close.
struct LaunchedProgram {
  int keeper = -1;  // KeeperReports come; closed: the program is ended
  int input = -1;   // to its stdin
  int output = -1;  // from its stdout
  int errors = -1;  // and stderr
};

class Launcher {
 public:
  // While this process has one thread. Throws Error(Fault::system).
  Launcher();
  // Ends what still runs.
  ~Launcher();
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;

  // From any thread. Whether the program could be started, its keeper reports. Throws
  // Error(Fault::system).
  LaunchedProgram launch(const LaunchOrder& order) const;

 private:
  int channel_ = -1;
  pid_t process_ = -1;
};

}  // namespace startle::subject
