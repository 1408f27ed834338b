#pragma once
// An exchange and a run of it, for the tests of the judge.

#include <string_view>

#include "cases/engine/exchange.h"
#include "cases/engine/judge.h"

namespace startle::cases {

inline constexpr std::string_view kSecret = "canary0011223344556677";

inline Exchange exchange() {
  Exchange made;
  made.id = "x";
  made.username = "u";
  made.secret = kSecret;
  made.summary = "s";
  return made;
}

// A client that ended so, and a server that saw nothing wrong.
inline Run ended(words::Ending ending) {
  Run run;
  run.outcome = {.ending = ending, .sentence = "so it says"};
  run.seen.delivered = words::is_success(ending) ? 1 : 0;
  run.seen.clear_commands = {"EHLO x", "STARTTLS"};
  return run;
}

}  // namespace startle::cases
