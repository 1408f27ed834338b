#include <utility>

#include "fake-servers/ldap/server.h"

namespace startle::fake {
namespace {

// Adds what was seen in clear to an observation, also when the world is given up.
class Referred {
 public:
  explicit Referred(Observation& into) : into_(into) { ++into_.referred_connections; }
  ~Referred() {
    into_.referred_bytes += seen.bytes_in_clear;
    auto& commands = into_.referred_commands;
    commands.insert(commands.end(), seen.clear_commands.begin(), seen.clear_commands.end());
    for (const std::string& line : seen.dialogue) into_.dialogue.push_back("referred " + line);
  }
  Referred(const Referred&) = delete;
  Referred& operator=(const Referred&) = delete;

  Observation seen{};

 private:
  Observation& into_;
};

}  // namespace

net::Task<void> serve_referred(net::World& world, std::unique_ptr<net::Stream> stream,
                               const Server& server, Observation& seen) {
  Server target = server;
  target.mode = words::Mode::ldap_plain;
  target.credentials = nullptr;
  target.client_anchors = nullptr;
  target.script = {.accepts_in_clear = true};
  Referred referred(seen);
  co_await serve(world, std::move(stream), target, kLdapProtocol, referred.seen);
}

}  // namespace startle::fake
