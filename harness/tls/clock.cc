#include "harness/tls/clock.h"

#include <gnutls/gnutls.h>

#include <ctime>
#include <optional>

namespace startle::tls {
namespace {

thread_local std::optional<std::chrono::sys_seconds> set_clock;

std::time_t run_clock_for_gnutls(std::time_t* out) {
  const std::time_t now = std::chrono::system_clock::to_time_t(run_clock());
  if (out != nullptr) *out = now;
  return now;
}

}  // namespace

void use_run_clock() {
  gnutls_global_set_time_function(run_clock_for_gnutls);
}

void set_run_clock(std::chrono::sys_seconds now) {
  set_clock = now;
}

std::chrono::sys_seconds run_clock() {
  using std::chrono::system_clock;
  return set_clock.value_or(
      std::chrono::time_point_cast<std::chrono::seconds>(system_clock::now()));
}

}  // namespace startle::tls
