#pragma once
// The processes below the one that asks, which adopts what these leave behind
// (PR_SET_CHILD_SUBREAPER): what they do, and their end.

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace startle::subject {

// Of proc(5); the processes themselves may be gone by now.
std::vector<pid_t> children_of(pid_t parent);
std::vector<pid_t> descendants_of(pid_t ancestor);

struct Activity {
  std::uint64_t ticks = 0;  // of the processor, used by all of them
  bool running = false;     // one of them runs, could run, or waits for a disk
};
Activity activity_of(const std::vector<pid_t>& processes);

// Kills and reaps until there are none.
void end_all_children();

}  // namespace startle::subject
