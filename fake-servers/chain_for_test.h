#pragma once
// The catalogue's chains at the tests' clock, made once.

#include <string>

#include "certs/catalogue_for_test.h"
#include "certs/mint.h"
#include "harness/tls/clock.h"

namespace startle::fake {

// For certs::kTestHost; sets the run's clock of this thread.
inline const certs::Chain& chain_called(const std::string& recipe) {
  static certs::Mint mint(certs::kTestClock);
  tls::use_run_clock();
  tls::set_run_clock(certs::kTestClock);
  return *mint.chain(certs::recipe_called(recipe), certs::kTestHost);
}

}  // namespace startle::fake
