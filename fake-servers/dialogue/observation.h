#pragma once
// What a fake server saw on the wire. It holds secrets (they are what it looks for); what is meant
// for people, the lists of commands and transcript(), has them blotted out.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fake-servers/dialogue/script.h"
#include "harness/base/words.h"
#include "harness/sasl/mechanism.h"
#include "harness/words/words.h"

namespace startle::fake {

// How far the client came.
enum class Reached {
  // clang-format off
  nothing, connection, ehlo, root_dse, starttls, handshake, tls, ehlo_in_tls, root_dse_in_tls,
  auth, bind, mail, rcpt, data, message, whoami, search, quit, unbind,
  // clang-format on
};
inline constexpr auto kReached = word_table<Reached>({
    {Reached::nothing, "nothing"},
    {Reached::connection, "connection"},
    {Reached::ehlo, "ehlo"},
    {Reached::root_dse, "root-dse"},
    {Reached::starttls, "starttls"},
    {Reached::handshake, "handshake"},
    {Reached::tls, "tls"},
    {Reached::ehlo_in_tls, "ehlo-in-tls"},
    {Reached::root_dse_in_tls, "root-dse-in-tls"},
    {Reached::auth, "auth"},
    {Reached::bind, "bind"},
    {Reached::mail, "mail"},
    {Reached::rcpt, "rcpt"},
    {Reached::data, "data"},
    {Reached::message, "message"},
    {Reached::whoami, "whoami"},
    {Reached::search, "search"},
    {Reached::quit, "quit"},
    {Reached::unbind, "unbind"},
});
constexpr Words words_of(Reached) {
  return kReached;
}

// What one read or write of a stream moved.
struct Segment {
  enum class Who { client, server };
  Who who = Who::client;
  bool in_tls = false;
  bool referred = false;          // by the listener that a referral names
  unsigned connection = 0;        // the first one is 1
  std::chrono::nanoseconds at{};  // the world's time, net::Instant
  std::size_t size = 0;           // in octets, of which the first `kept` are held
  std::size_t kept = 0;
  std::size_t offset = 0;  // for Observation::bytes_of
};

// What a client said as the server understood it, a line of the transcript: "EHLO x", "<message>".
struct Understood {
  std::string text{};  // not blotted
  bool in_tls = false;
  bool referred = false;
  std::size_t behind = 0;  // so many segments
};

struct Observation {
  words::Protocol protocol = words::Protocol::smtp;  // that the server speaks
  unsigned connections = 0;
  unsigned handshakes = 0;  // begun: a ClientHello was received
  unsigned resumed = 0;     // handshakes in which the client had a ticket that was taken
  Reached reached = Reached::nothing;

  // Why the server itself could not go on: what came of it says nothing of the client. Empty: it
  // could.
  std::string server_failure{};
  std::string tls_version{};  // "TLS1.3"; empty: no handshake was completed
  std::string alert{};        // the last alert the client sent, by name; empty: none
  std::string alert_sent{};   // by the server, in a handshake that came to nothing
  // Why the last handshake came to nothing, or was not begun where TLS belongs, for a person;
  // empty: none did.
  std::string handshake_failure{};
  std::string server_name{};      // SNI
  bool asked_for_staple = false;  // status_request (RFC 6066, 8)
  // The last connection that was inside TLS and that the server had not closed the client closed
  // without close_notify (RFC 8446, 6.1).
  bool left_without_close_notify = false;
  bool authenticated = false;
  // Messages accepted; LDAP: searches beyond the root DSE that were answered: success, as much as
  // the client wanted (4), or a referral. A well-behaved server answers those only to who is bound,
  // or to anyone where its directory is open to all.
  unsigned delivered = 0;

  // Everything the client sent, outside and inside TLS, and what it was told, up to kMostBytes
  // each.
  static constexpr std::size_t kMostBytes = 1 << 20;
  std::string bytes_in_clear{};
  std::string bytes_in_tls{};
  std::string bytes_said{};

  // The dialogue, in order; of what comes behind kMostSegments, kMostUnderstood, or kMostBytes of
  // text, only the number is held.
  static constexpr std::size_t kMostSegments = 1 << 15;
  static constexpr std::size_t kMostUnderstood = 1 << 13;
  std::vector<Segment> segments{};
  std::vector<Understood> understood{};
  std::size_t understood_octets = 0;
  std::size_t segments_cut = 0;
  std::size_t understood_cut = 0;
  std::string_view bytes_of(const Segment& segment) const {
    const std::string& all = segment.who == Segment::Who::server ? bytes_said
                             : segment.referred                  ? referred_bytes
                             : segment.in_tls                    ? bytes_in_tls
                                                                 : bytes_in_clear;
    return std::string_view(all).substr(segment.offset, segment.kept);
  }

  // Of a flood the first kMostCommands are held, and behind them the first of each kind, since what
  // a client is judged by must not be hidden by what it sends before; the rest is counted. What is
  // longer than kLongestCommand is shortened, and says so.
  static constexpr std::size_t kMostCommands = 256;
  static constexpr std::size_t kLongestCommand = 500;
  std::vector<std::string> clear_commands{};
  std::vector<std::string> tls_commands{};
  std::size_t clear_commands_cut = 0;
  std::size_t tls_commands_cut = 0;
  // Octets that were read and thrown away: the server was about to leave, silent, or deaf.
  std::size_t octets_dropped = 0;

  std::vector<std::string> auth_offered_in_clear{};
  std::vector<std::string> auth_offered_in_tls{};
  // Mechanisms the client asked for, in order: each time, up to kMostMechanisms of them.
  static constexpr std::size_t kMostMechanisms = 64;
  std::vector<std::string> auth_used_in_tls{};

  // Mechanisms with which the client was refused, and those that the server said it did not know.
  std::vector<sasl::Mechanism> auth_refused{};
  std::vector<sasl::Mechanism> auth_not_known{};

  // SASL: the client answered a challenge that its mechanism has it refuse; its messages were bound
  // to another channel than this (RFC 5802, 7); after a failure that speaks of the channel or of
  // the credentials it tried a weaker mechanism (RFC 5802, 6).
  bool answered_forged_challenge = false;
  bool cannot_bind_to_channel = false;  // it says so (RFC 5802, 7: the flag "n")
  bool bound_to_other_channel = false;
  bool stepped_down = false;

  // In clear, behind STARTTLS: before its answer was said, or between the go-ahead and TLS (RFC
  // 3207, 4; RFC 4511, 4.14.1). To say goodbye is always right.
  bool spoke_before_tls = false;

  bool sent_behind_go_ahead = false;   // we injected plain text behind the go-ahead
  unsigned commands_before_reply = 0;  // inside TLS: had to wait for the last one's answer
  std::vector<Point> unmet{};          // deviations the client never came to

  // LDAP: what came, in clear, to the listener that a referral names.
  unsigned referred_connections = 0;
  std::string referred_bytes{};
  std::vector<std::string> referred_commands{};
  std::size_t referred_commands_cut = 0;

  void reach(Reached r) {
    if (r > reached) reached = r;
  }
  void use_in_tls(std::string_view mechanism) {
    constexpr std::size_t kLongestName = 64;  // RFC 4422, 3.1: 20
    const std::string_view name = mechanism.substr(0, kLongestName);
    const auto& used = auth_used_in_tls;
    const std::size_t count = used.size();
    const bool known = std::find(used.begin(), used.end(), name) != used.end();
    if (count < kMostMechanisms || (!known && count < 2 * kMostMechanisms)) {
      auth_used_in_tls.emplace_back(name);
    }
  }
};

}  // namespace startle::fake
