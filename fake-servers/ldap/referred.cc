#include <utility>

#include "fake-servers/ldap/server.h"

namespace startle::fake {
namespace {

// Adds what was seen in clear to an observation, also when the world is given up.
class Referred {
 public:
  explicit Referred(Observation& into) : into_(into) { ++into_.referred_connections; }
  ~Referred() {
    add_dialogue();
    into_.referred_bytes += seen.bytes_in_clear;
    into_.bytes_said += seen.bytes_said;
    auto& commands = into_.referred_commands;
    commands.insert(commands.end(), seen.clear_commands.begin(), seen.clear_commands.end());
  }
  Referred(const Referred&) = delete;
  Referred& operator=(const Referred&) = delete;

  Observation seen{};

 private:
  // Before the bytes, behind which its own come.
  void add_dialogue() {
    const std::size_t before = into_.segments.size();
    for (Understood& line : seen.understood) {
      line.referred = true;
      line.behind += before;
      into_.understood.push_back(std::move(line));
    }
    for (Segment& segment : seen.segments) {
      segment.referred = true;
      segment.connection = into_.referred_connections;
      segment.offset += segment.who == Segment::Who::server ? into_.bytes_said.size()
                                                            : into_.referred_bytes.size();
      into_.segments.push_back(segment);
    }
    into_.segments_cut += seen.segments_cut;
  }

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
  seen.protocol = words::Protocol::ldap;
  Referred referred(seen);
  co_await serve(world, std::move(stream), target, kLdapProtocol, referred.seen);
}

}  // namespace startle::fake
