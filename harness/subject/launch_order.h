#pragma once
// What a process that keeps a client is told, and what it says of it: plain data over a local
// socket between processes of one program.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace startle::subject {

struct LaunchOrder {
  std::vector<std::string> arguments{};  // the program first: looked for in PATH, unless it has a /
  std::vector<std::string> environment{};  // "NAME=value", and nothing else
  // HOME and working directory; it goes with the client. Under it nothing of anybody else's.
  std::string folder{};
  std::string hosts{};          // stands at /etc/hosts, for the client alone; empty: what is there
  std::optional<uid_t> user{};  // nullopt: as we are
  std::optional<gid_t> group{};
  std::chrono::milliseconds deadline{};  // 0: until it is closed
  std::uint64_t most_on_disk = 0;        // bytes under `folder`
};

// For what recv() got; nullopt: it is not whole yet. Throws Error(Fault::internal) for anything
// else.
std::string packed(const LaunchOrder& order);
std::optional<LaunchOrder> unpacked(const std::string& bytes);

enum class KeeperEvent : std::int32_t {
  idle = 1,    // the client waits: none of its processes runs, or has run since a while
  ended,       // `value`: as waitpid() has it
  not_started  // `value`: errno
};

// Why a client was ended that did not end by itself.
enum class EndCause : std::int32_t { itself, deadline, disk, closed };

struct KeeperReport {
  KeeperEvent event = KeeperEvent::ended;
  std::int32_t value = 0;
  EndCause cause = EndCause::itself;
};

}  // namespace startle::subject
