#pragma once
// The addresses of a host name, by the system's resolver. That cannot be interrupted and may take
// minutes when no name server answers, so it runs in a thread of its own, which nobody waits for: a
// world can go at any time, and what is found after that is thrown away.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/net/world.h"

namespace startle::net {

struct Resolved {
  std::vector<std::string> addresses{};  // numeric, in the order in which they should be tried
  std::string why{};                     // the end of a sentence, when there are none
};

// Called in a thread of its own: it may block, and may touch nothing of a world.
using Resolver = std::function<Resolved(const std::string& host)>;

// getaddrinfo: hosts file, DNS, and whatever else this machine is configured to ask.
Resolved resolve_by_system(const std::string& host);

// Nullopt: the deadline passed first. What `resolver` refers to must outlive its call, which may go
// on after that. A thread for each resolution that is under way.
Task<std::optional<Resolved>> resolve(RealWorld& world, Resolver resolver, std::string host,
                                      Instant deadline);

}  // namespace startle::net
