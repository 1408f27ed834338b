#pragma once
// A stream seen through a tap: each write, in either direction, is shown to an observer that may
// change or drop it. This is how a wire is watched and how a test cuts, delays or injects.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "harness/net/stream.h"

namespace startle::net {

// Gets what is about to be written; nullopt passes it on, a string takes its place (empty:
// dropped).
using Tap = std::function<std::optional<std::string>(std::string_view)>;

std::unique_ptr<Stream> tapped(std::unique_ptr<Stream> inner, Tap on_write);

}  // namespace startle::net
