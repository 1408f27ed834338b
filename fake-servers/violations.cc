#include "fake-servers/violations.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "fake-servers/dialogue/secret.h"
#include "fake-servers/ldap/recorder.h"
#include "harness/base/text.h"

namespace startle::fake {
namespace {

using words::Invariant;

std::string_view verb_of(std::string_view line) {
  return line.substr(0, std::min(line.find(' '), line.size()));
}

bool is_verb(std::string_view line, std::string_view verb) {
  return equal_ignoring_case(verb_of(line), verb);
}

bool is_extended(std::string_view line, std::string_view oid) {
  if (!line.starts_with(kExtended)) return false;
  line.remove_prefix(kExtended.size());
  return line.starts_with(oid) && (line.size() == oid.size() || line[oid.size()] == ' ');
}

// RFC 8314, 5.2: until the demanded protection is reached, only finding out what is offered.
bool smtp_allows_in_clear(std::string_view line) {
  constexpr std::array<std::string_view, 7> kAllowed{"EHLO", "HELO", "STARTTLS", "NOOP",
                                                     "RSET", "HELP", "QUIT"};
  return std::any_of(kAllowed.begin(), kAllowed.end(),
                     [&](std::string_view verb) { return is_verb(line, verb); });
}

// The same for LDAP. An anonymous bind gives nothing away.
bool ldap_allows_in_clear(std::string_view line) {
  return line == kRootDseSearch || line == kAnonymousBind || line == kUnbind ||
         line.starts_with(kAbandon) || is_extended(line, wire::kStartTlsOid);
}

bool payload_in_clear(const Observation& seen, words::Mode mode) {
  if (words::is_implicit_tls(mode) && !seen.clear_commands.empty()) return true;
  const bool ldap = words::protocol_of(mode) == words::Protocol::ldap;
  const auto allows = ldap ? ldap_allows_in_clear : smtp_allows_in_clear;
  const auto& referred = seen.referred_commands;  // another server, to be asked for TLS in its turn
  return !std::all_of(seen.clear_commands.begin(), seen.clear_commands.end(), allows) ||
         !std::all_of(referred.begin(), referred.end(), ldap_allows_in_clear);
}

// RFC 3207, 4.1: a client that does not like what the handshake gave may say QUIT, nothing else.
// In LDAP that is an unbind.
bool went_on(const Observation& seen, words::Mode mode) {
  const bool ldap = words::protocol_of(mode) == words::Protocol::ldap;
  return std::any_of(
      seen.tls_commands.begin(), seen.tls_commands.end(),
      [ldap](const std::string& line) { return ldap ? line != kUnbind : !is_verb(line, "QUIT"); });
}

// A client with a password that asks what only who is bound may ask, and has never bound inside
// TLS: it takes itself for bound.
bool goes_on_as_bound(const Observation& seen, const Demands& demands) {
  if (words::protocol_of(demands.mode) != words::Protocol::ldap) return false;
  if (demands.secret.empty()) return false;
  bool asks = false;
  for (const std::string& line : seen.tls_commands) {
    if (line.starts_with(kBind)) return false;
    asks = asks || line.starts_with(kSearch) || is_extended(line, wire::kWhoAmIOid);
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

std::vector<Invariant> violations(const Observation& seen, const Demands& demands) {
  std::vector<Invariant> found;
  const auto note = [&](bool violated, Invariant invariant) {
    if (violated) found.push_back(invariant);
  };
  const bool tls = words::demands_tls(demands.mode);
  const Secret secret(demands.secret);
  note(tls && (secret.is_in(seen.bytes_in_clear) || secret.is_in(seen.referred_bytes)),
       Invariant::secret_in_clear);
  note(tls && payload_in_clear(seen, demands.mode), Invariant::payload_in_clear);
  note(demands.refuse_server && secret.is_in(seen.bytes_in_tls), Invariant::secret_to_refused_peer);
  note(demands.refuse_server && went_on(seen, demands.mode), Invariant::continued_after_refusal);
  note(seen.sent_behind_go_ahead &&
           (seen.commands_before_reply > 0 || goes_on_as_bound(seen, demands)),
       Invariant::believed_injected_bytes);
  note(used_stale_list(seen), Invariant::stale_capabilities);
  note(seen.answered_forged_challenge, Invariant::answered_forged_challenge);
  note(seen.bound_to_other_channel, Invariant::wrong_channel_binding);
  note(seen.stepped_down, Invariant::stepped_down);
  return found;
}

}  // namespace startle::fake
