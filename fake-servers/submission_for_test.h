#pragma once
// The client under test against the fake server, both in one world in memory.

#include <functional>
#include <memory>

#include "fake-servers/protocols.h"
#include "harness/client/outcome.h"
#include "harness/client/settings.h"
#include "harness/net/stream.h"

namespace startle::fake {

struct Submission {
  client::Settings settings{};
  Server server{};
  // Put around the client's end of the connection.
  std::function<std::unique_ptr<net::Stream>(std::unique_ptr<net::Stream>)> around{};
};

// Well-behaved on both sides, `trust` = the host, under `pkix`: it is delivered.
Submission submission_for_test(Script script = {}, const std::string& recipe = "valid");

struct Submitted {
  client::Outcome outcome{};
  Observation seen{};
  net::Instant took{};  // until the client ended
};

// Fails the test if either side waits for ever, and if the client says anything in clear that
// STARTTLS does not need, or gives its secret away in clear.
Submitted submit(const Submission& submission);

// One line an entry.
std::string dialogue_of(const Observation& seen);

}  // namespace startle::fake
