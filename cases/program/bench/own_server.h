#pragma once
// A fake server to load, in a process of its own, so that what it costs and what its client costs
// can be told apart.

#include <sys/types.h>

#include <memory>
#include <string>

#include "certs/mint.h"
#include "fake-servers/dialogue/server.h"
#include "harness/client/settings.h"
#include "harness/net/connect.h"
#include "harness/net/world.h"

namespace startle::program {

// The two ends of an exchange that succeeds, as plain data.
struct BenchEnds {
  fake::Server server{};
  client::Settings client{};
  std::shared_ptr<const certs::Chain> chain{};
};

enum class BenchChain {
  self_signed,  // one certificate
  issued,       // by an intermediate of a root
};

// `issues_tickets`: sessions can be resumed.
BenchEnds bench_ends(certs::Mint& mint, words::Mode mode, certs::KeyKind key, bool issues_tickets,
                     BenchChain chain = BenchChain::self_signed);

// Whoever connects, until interrupted. `server` outlives the dialogues.
net::Task<void> serve_all(net::World& world, net::Acceptor& acceptor, const fake::Server& server);

class OwnServer {
 public:
  // Listens on a free port of 127.0.0.1 with so many threads. To be made while this process has one
  // thread. Throws Error(Fault::system).
  OwnServer(const BenchEnds& ends, unsigned threads);
  ~OwnServer();
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  const net::Endpoint& endpoint() const { return endpoint_; }
  // CPU time that it has used so far, in microseconds.
  double cpu_us() const;

 private:
  net::Endpoint endpoint_{.address = "127.0.0.1"};
  pid_t process_ = -1;
  int lifeline_ = -1;  // the server ends when this is closed
};

}  // namespace startle::program
