#include <algorithm>
#include <string>
#include <string_view>
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
    append(into_.referred_bytes, seen.bytes_in_clear);
    append(into_.bytes_said, seen.bytes_said);
    for (std::string& command : seen.clear_commands) {
      // Whoever comes so often does not come to say something else.
      if (into_.referred_commands.size() < 2 * Observation::kMostCommands) {
        into_.referred_commands.push_back(std::move(command));
      } else {
        ++into_.referred_commands_cut;
      }
    }
    into_.referred_commands_cut += seen.clear_commands_cut;
    into_.octets_dropped += seen.octets_dropped;
  }
  Referred(const Referred&) = delete;
  Referred& operator=(const Referred&) = delete;

  Observation seen{};

 private:
  // Before the bytes, behind which its own come.
  void add_dialogue() {
    const std::size_t before = into_.segments.size();
    for (Understood& line : seen.understood) {
      into_.understood_octets += line.text.size();
      if (into_.understood.size() >= Observation::kMostUnderstood ||
          into_.understood_octets > Observation::kMostBytes) {
        ++into_.understood_cut;
        continue;
      }
      line.referred = true;
      line.behind += before;
      into_.understood.push_back(std::move(line));
    }
    for (Segment& segment : seen.segments) {
      if (into_.segments.size() >= Observation::kMostSegments) {
        ++into_.segments_cut;
        continue;
      }
      const std::size_t held = segment.who == Segment::Who::server ? into_.bytes_said.size()
                                                                   : into_.referred_bytes.size();
      segment.referred = true;
      segment.connection = into_.referred_connections;
      segment.offset = std::min(segment.offset + held, Observation::kMostBytes);
      segment.kept = std::min(segment.kept, Observation::kMostBytes - segment.offset);
      into_.segments.push_back(segment);
    }
    into_.segments_cut += seen.segments_cut;
    into_.understood_cut += seen.understood_cut;
  }

  static void append(std::string& all, std::string_view more) {
    all += more.substr(0, Observation::kMostBytes - std::min(all.size(), Observation::kMostBytes));
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
