#include "fake-servers/dialogue/observed_since.h"

#include <algorithm>
#include <cstddef>

namespace startle::fake {
namespace {

// Leaves what stands behind the first `known`.
template <class Sequence>
void drop(Sequence& all, const Sequence& known) {
  using Offset = typename Sequence::difference_type;
  const auto count = static_cast<Offset>(std::min(all.size(), known.size()));
  all.erase(all.begin(), all.begin() + count);
}

}  // namespace

Observation observed_since(const Observation& before, Observation whole) {
  whole.connections -= before.connections;
  whole.handshakes -= before.handshakes;
  whole.resumed -= before.resumed;
  whole.delivered -= before.delivered;
  whole.commands_before_reply -= before.commands_before_reply;
  whole.referred_connections -= before.referred_connections;
  whole.clear_commands_cut -= before.clear_commands_cut;
  whole.tls_commands_cut -= before.tls_commands_cut;
  whole.referred_commands_cut -= before.referred_commands_cut;
  whole.octets_dropped -= before.octets_dropped;
  drop(whole.bytes_in_clear, before.bytes_in_clear);
  drop(whole.bytes_in_tls, before.bytes_in_tls);
  drop(whole.clear_commands, before.clear_commands);
  drop(whole.tls_commands, before.tls_commands);
  drop(whole.auth_used_in_tls, before.auth_used_in_tls);
  drop(whole.auth_refused, before.auth_refused);
  drop(whole.auth_not_known, before.auth_not_known);
  drop(whole.unmet, before.unmet);
  drop(whole.referred_bytes, before.referred_bytes);
  drop(whole.referred_commands, before.referred_commands);
  if (whole.handshakes == 0) {
    whole.tls_version.clear();
    whole.alert.clear();
    whole.alert_sent.clear();
    whole.handshake_failure.clear();
    whole.server_name.clear();
  }
  whole.segments.clear();
  whole.understood.clear();
  return whole;
}

}  // namespace startle::fake
