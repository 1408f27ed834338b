#pragma once
// The probe against a fake server, both in one world in memory, where a time-out costs nothing.

#include <functional>
#include <memory>
#include <string>

#include "cases/program/diagnose/probe.h"
#include "fake-servers/dialogue/observation.h"
#include "fake-servers/dialogue/server.h"

namespace startle::program {

// Whom it meets, each time it connects. The stream is open until the task ends.
using Server = std::function<net::Task<void>(net::World&, net::Stream&)>;

struct Probed {
  Probe probe{};
  fake::Observation seen{};  // by a fake::Server, of all its connections
  net::Instant took{};
  std::size_t connections = 0;
};

// The settings of a user of server_for_test() or ldap_server_for_test(), who may do all there is,
// with ten seconds for each wait.
client::Settings user_for_test(words::Mode mode);
// In order, of that mode, for that user.
fake::Server server_of(words::Mode mode, fake::Script script = {},
                       const std::string& recipe = "valid");

// Fail the test where somebody waits for ever.
Probed probe_of(const fake::Server& server, const client::Settings& settings);
Probed probe_of(const Server& server, const client::Settings& settings);
// Of these one after the other; the last one stays.
Probed probe_of(const std::vector<fake::Server>& servers, const client::Settings& settings);

// The word of the first step that failed; empty: none did.
std::string failed_step(const Probe& probe);
// "resolution ok, connection ok, greeting failed, .."
std::string states_of(const Probe& probe);
// What is said of it; "no such step".
std::string said(const Probe& probe, Step step);

}  // namespace startle::program
