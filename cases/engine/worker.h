#pragma once
// Runs exchanges, one at a time, on the thread that calls it: a fake server and a subject at the
// two ends of a stream, in memory or over TCP.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/engine/exchange.h"
#include "certs/mint.h"
#include "fake-servers/protocols.h"
#include "harness/client/outcome.h"
#include "harness/pcapng/evidence.h"
#include "harness/sasl/salted_passwords.h"
#include "harness/subject/subject.h"

namespace startle::cases {

enum class Transport { memory, tcp };
inline constexpr auto kTransports = word_table<Transport>({
    {Transport::memory, "memory"},
    {Transport::tcp, "tcp"},
});
constexpr Words words_of(Transport) {
  return kTransports;
}

// For one exchange, where none is stated: virtual time in memory.
std::chrono::milliseconds usual_deadline(Transport transport);

// What came of an exchange.
struct Run {
  client::Outcome outcome{};
  std::string printed{};  // by the client's process
  fake::Observation seen{};
  bool hung = false;       // the deadline passed without an ending
  bool left_open = false;  // it came to its end, and its connection did not
  std::string
      cannot{};  // why the client cannot do what it was asked for, as it says; empty: it can
  subject::Goal goal = subject::Goal::message;  // of the client: what its success is
  double ms = 0;                                // real time
};

// One connection of a process. What is pointed to outlives the run.
struct ConnectionSetup {
  const Exchange* exchange = nullptr;
  const certs::Chain* chain = nullptr;
  const certs::ClientIdentity* client = nullptr;
  std::shared_ptr<const client::HostTrustStore> store{};
};
// What came of a client process: what each of its connections, in order, has brought. The last one
// may be hung; behind it there are none.
struct ProcessRun {
  std::vector<Run> runs{};
  fake::Observation seen{};  // of all of them, with the dialogue
};

class Worker {
 public:
  struct Options {
    Transport transport = Transport::memory;
    std::chrono::milliseconds deadline{};  // 0: what suits the transport
    std::chrono::sys_seconds clock{};
    // Keeps what the servers see of their connections; null: nobody does.
    std::shared_ptr<pcapng::Evidence> evidence{};
    // As ExchangeRequest has it, of whatever the worker's client is a program in.
    std::function<void()> waits{};
  };
  Worker(const subject::Subject& subject, const Options& options);
  ~Worker();

  // Call from one thread only: the run's clock and the worlds are the thread's. `client`: the
  // certificate that the exchange gives the client; `store`: what it has for the host; null for
  // none.
  Run run(const Exchange& exchange, const certs::Chain& chain,
          const certs::ClientIdentity* client = nullptr,
          std::shared_ptr<const client::HostTrustStore> store = nullptr);

  // One client process that makes them all, and servers that take each other's TLS tickets.
  ProcessRun run_process(const std::vector<ConnectionSetup>& connections);

 private:
  struct Network;
  client::Settings told(const ConnectionSetup& connection) const;
  fake::Server met_by(const ConnectionSetup& connection) const;
  void renew();

  const subject::Subject& subject_;
  Options options_;
  bool short_of_time_ = false;  // the deadline is nearer than a client's usual time-outs
  std::unique_ptr<Network> network_;
  // Of both ends: they share the thread.
  std::shared_ptr<sasl::SaltedPasswords> salted_passwords_ =
      std::make_shared<sasl::SaltedPasswords>();
};

// The fake server of an exchange. `identity`: as for run().
fake::Server server_for(const Exchange& exchange, const certs::Chain& chain,
                        const certs::ClientIdentity* identity);

}  // namespace startle::cases
