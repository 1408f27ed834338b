#pragma once
// How many files and connections this process may have open at once.

#include <cstddef>

namespace startle::net {

// As many as it may have without asking anybody (the hard limit of RLIMIT_NOFILE). Returns how many
// that are.
std::size_t raise_descriptor_limit();

}  // namespace startle::net
