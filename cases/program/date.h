#pragma once
// Dates on the command line.

#include <chrono>
#include <string>

namespace startle::program {

// "2026-11-21" (noon) or "2026-11-21T12:00:00Z". Throws Error(Fault::usage).
std::chrono::sys_seconds parse_date(const std::string& option, const std::string& text);
std::chrono::sys_seconds today();

}  // namespace startle::program
