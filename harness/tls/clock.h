#pragma once
// The date every certificate check of this thread goes by. Certificates are made relative to the
// run's clock, so nothing ever rots, and `--at` moves it.

#include <chrono>

namespace startle::tls {

// Makes GnuTLS ask the run's clock. GnuTLS keeps one such function per process: call this once, at
// the start of main, before other threads exist.
void use_run_clock();

// Sets the run's clock of the calling thread; the time of day until then.
void set_run_clock(std::chrono::sys_seconds now);
std::chrono::sys_seconds run_clock();

}  // namespace startle::tls
