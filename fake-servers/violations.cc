#include "fake-servers/violations.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "fake-servers/secret.h"

namespace startle::fake {
namespace {

using policy::Invariant;

std::string_view verb_of(std::string_view line) {
  return line.substr(0, std::min(line.find(' '), line.size()));
}

bool is_verb(std::string_view line, std::string_view verb) {
  const std::string_view given = verb_of(line);
  return std::equal(given.begin(), given.end(), verb.begin(), verb.end(), [](char a, char b) {
    return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 32) : a) == b;
  });
}

// RFC 8314, 5.2: until the demanded protection is reached, only finding out what is offered.
bool allowed_in_clear(std::string_view line) {
  constexpr std::array<std::string_view, 7> kAllowed{"EHLO", "HELO", "STARTTLS", "NOOP",
                                                     "RSET", "HELP", "QUIT"};
  return std::any_of(kAllowed.begin(), kAllowed.end(),
                     [&](std::string_view verb) { return is_verb(line, verb); });
}

// RFC 3207, 4.1: a client that does not like what the handshake gave may say QUIT, nothing else.
bool went_on(const Observation& seen) {
  return std::any_of(seen.tls_commands.begin(), seen.tls_commands.end(),
                     [](const std::string& line) { return !is_verb(line, "QUIT"); });
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
  note(demands.tls && holds_secret(seen.bytes_in_clear, demands.secret),
       Invariant::secret_in_clear);
  note(demands.tls &&
           !std::all_of(seen.clear_commands.begin(), seen.clear_commands.end(), allowed_in_clear),
       Invariant::payload_in_clear);
  note(demands.refuse_server && holds_secret(seen.bytes_in_tls, demands.secret),
       Invariant::secret_to_refused_peer);
  note(demands.refuse_server && went_on(seen), Invariant::continued_after_refusal);
  note(seen.sent_behind_go_ahead && seen.commands_before_reply > 0,
       Invariant::believed_injected_bytes);
  note(used_stale_list(seen), Invariant::stale_capabilities);
  return found;
}

}  // namespace startle::fake
