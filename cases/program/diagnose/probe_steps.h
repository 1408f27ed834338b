#pragma once
// What an exchange has brought to light, as steps with a sentence each.

#include "cases/program/diagnose/probe.h"
#include "cases/program/diagnose/seen_server.h"
#include "cases/program/diagnose/server_speech.h"

namespace startle::program {

// What the server was asked once more, where the first exchange left it open.
struct SecondLook {
  // On another connection, spoken to in the other way: by TLS where it was silent in clear, in
  // clear where it gave no answer to TLS.
  Speech other_way = Speech::nothing;
  std::string old_version{};  // "TLS1.0", where a handshake that offers those of old succeeds
};

// The steps up to the mechanisms; the others are not reached.
void tell_steps(Probe& probe, const SeenServer& seen, const SecondLook& second);

// What came of authentication and what is behind it. Nothing was tried: `why_not`.
void tell_user_steps(Probe& probe, const SeenServer& seen);
void tell_user_steps_not_reached(Probe& probe, const std::string& why_not);

// Null: the mode has no such step.
StepResult* find_step(Probe& probe, Step step);

}  // namespace startle::program
