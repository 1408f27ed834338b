#pragma once
// What a command was asked to keep of the wire.

#include <string>

namespace startle::program {

// Names of files; empty: not asked for.
struct WireRequest {
  std::string pcap{};
  std::string key_log{};

  bool operator==(const WireRequest&) const = default;
};

}  // namespace startle::program
