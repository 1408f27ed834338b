#pragma once
// What is said of a step: one sentence each, for a person who runs neither the server nor the
// network.

#include <string>
#include <vector>

#include "cases/program/diagnose/probe.h"
#include "cases/program/diagnose/probe_steps.h"
#include "cases/program/diagnose/seen_server.h"

namespace startle::program {

std::string resolution_sentence(const std::string& host, const std::vector<std::string>& addresses);
std::string connection_sentence(const std::vector<net::Attempt>& attempts);
std::string no_connection_sentence(const SeenServer& seen);
// A line for each address that was not connected to.
std::vector<std::string> attempt_lines(const std::vector<net::Attempt>& attempts);

// An exchange that ended where the server was to say something: who speaks there instead, that
// there is no end to what it says, or what the client says itself.
std::string speech_sentence(const Probe& probe, const SeenServer& seen, const SecondLook& second);
std::string offers_sentence(words::Mode mode, const SeenServer& seen);
std::string no_starttls_sentence(words::Mode mode, const std::vector<std::string>& offers);
std::string behind_sentence(const std::string& octets);

std::string tls_sentence(const client::Outcome& outcome);
std::string no_tls_sentence(const Probe& probe, const SeenServer& seen, const SecondLook& second);
std::string certificates_sentence(const std::vector<std::string>& chain, bool readable);
std::string mechanisms_sentence(words::Mode mode, const SeenServer& seen);

}  // namespace startle::program
