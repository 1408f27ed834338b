#include "fake-servers/dialogue/violations.h"

#include <algorithm>
#include <string>

#include "fake-servers/dialogue/secret.h"

namespace startle::fake {
namespace {

using words::Invariant;

bool payload_in_clear(const Observation& seen, words::Mode mode, const ServerProtocol& protocol) {
  if (words::is_implicit_tls(mode) && !seen.clear_commands.empty()) return true;
  const auto is_harmless = [&](const std::string& line) {
    return protocol.traits_of(line).is_harmless;
  };
  const auto& referred = seen.referred_commands;  // another server, to be asked for TLS in its turn
  return !std::all_of(seen.clear_commands.begin(), seen.clear_commands.end(), is_harmless) ||
         !std::all_of(referred.begin(), referred.end(), is_harmless);
}

// A client that does not like what the handshake gave may leave, and nothing else.
bool went_on(const Observation& seen, const ServerProtocol& protocol) {
  return !std::all_of(seen.tls_commands.begin(), seen.tls_commands.end(),
                      [&](const std::string& line) { return protocol.traits_of(line).leaves; });
}

// A client with a password that asks what only who is authenticated may ask, and has never tried to
// be inside TLS: it takes itself for authenticated.
bool takes_itself_for_authenticated(const Observation& seen, const Demands& demands,
                                    const ServerProtocol& protocol) {
  if (demands.secret.empty()) return false;
  bool asks = false;
  for (const std::string& line : seen.tls_commands) {
    const CommandTraits traits = protocol.traits_of(line);
    if (traits.authenticates) return false;
    asks = asks || traits.needs_identity;
  }
  return asks;
}

// A mechanism that only the list from before TLS offered (RFC 3207, 4.2).
bool used_stale_list(const Observation& seen) {
  const auto holds = [](const std::vector<std::string>& list, const std::string& mechanism) {
    return std::find(list.begin(), list.end(), mechanism) != list.end();
  };
  return std::any_of(seen.auth_used_in_tls.begin(), seen.auth_used_in_tls.end(),
                     [&](const std::string& mechanism) {
                       return holds(seen.auth_offered_in_clear, mechanism) &&
                              !holds(seen.auth_offered_in_tls, mechanism);
                     });
}

}  // namespace

std::vector<Invariant> violations(const Observation& seen, const Demands& demands,
                                  const ServerProtocol& protocol) {
  std::vector<Invariant> found;
  const auto note = [&](bool violated, Invariant invariant) {
    if (violated) found.push_back(invariant);
  };
  const bool allowed = demands.may_be_in_clear && seen.handshakes == 0;
  const bool tls = words::demands_tls(demands.mode) && !allowed;
  const Secret secret(demands.secret);
  note(tls && (secret.is_in(seen.bytes_in_clear) || secret.is_in(seen.referred_bytes)),
       Invariant::secret_in_clear);
  note(tls && payload_in_clear(seen, demands.mode, protocol), Invariant::payload_in_clear);
  note(demands.refuse_server && secret.is_in(seen.bytes_in_tls), Invariant::secret_to_refused_peer);
  note(demands.refuse_server && went_on(seen, protocol), Invariant::continued_after_refusal);
  note(seen.sent_behind_go_ahead && (seen.commands_before_reply > 0 ||
                                     takes_itself_for_authenticated(seen, demands, protocol)),
       Invariant::believed_injected_bytes);
  note(seen.spoke_before_tls, Invariant::did_not_await_tls);
  note(used_stale_list(seen), Invariant::stale_capabilities);
  note(seen.answered_forged_challenge, Invariant::answered_forged_challenge);
  note(seen.bound_to_other_channel, Invariant::wrong_channel_binding);
  note(seen.stepped_down, Invariant::stepped_down);
  return found;
}

}  // namespace startle::fake
