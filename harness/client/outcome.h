#pragma once
// What the client did, as it says itself: one ending, and what it knows about it.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"
#include "harness/words/words.h"

namespace startle::client {

// The steps of an exchange, in their order. In LDAP the root DSE is the capabilities, binding is
// authentication and unbinding is quitting.
enum class Phase {
  configuration,
  connect,
  greeting,
  capabilities,
  starttls,
  handshake,
  capabilities_in_tls,
  authentication,
  sender,
  recipient,
  message,
  whoami,
  search,
  quit,
};
inline constexpr auto kPhases = word_table<Phase>({
    {Phase::configuration, "configuration"},
    {Phase::connect, "connect"},
    {Phase::greeting, "greeting"},
    {Phase::capabilities, "capabilities"},
    {Phase::starttls, "starttls"},
    {Phase::handshake, "handshake"},
    {Phase::capabilities_in_tls, "capabilities-in-tls"},
    {Phase::authentication, "authentication"},
    {Phase::sender, "sender"},
    {Phase::recipient, "recipient"},
    {Phase::message, "message"},
    {Phase::whoami, "whoami"},
    {Phase::search, "search"},
    {Phase::quit, "quit"},
});
constexpr Words words_of(Phase) {
  return kPhases;
}

// What the server said last in a phase.
struct PhaseReply {
  std::int64_t code = 0;        // of an SMTP reply, or the result code of LDAP: 0 is success there
  std::string enhanced_code{};  // RFC 3463: "5.7.8"; empty in LDAP
  std::string text{};           // printable, of bounded length
};

// A phase that the exchange came to, in the time of its world (net::World::now()).
struct PhaseRecord {
  Phase phase = Phase::configuration;
  std::chrono::nanoseconds began{};
  std::chrono::nanoseconds ended{};  // where the next began, or the exchange was over
  std::optional<PhaseReply> reply{};

  std::chrono::nanoseconds took() const { return ended - began; }
};

struct Outcome {
  words::Ending ending = words::Ending::not_connected;
  Phase phase = Phase::configuration;  // where that became known
  // What it came to, in order, each once; behind the phase of a failure there may be a quit.
  std::vector<PhaseRecord> phases{};
  // The certificates that the server sent, in DER and in its order, accepted or not; empty where
  // none came.
  std::vector<std::string> shown_chain{};
  std::string tls_version{};  // "TLS1.3"; empty: no TLS was reached
  std::string tls_cipher{};   // "TLS_AES_256_GCM_SHA384"
  std::string tls_group{};    // of the key exchange: "X25519"; empty: none of a named group
  bool resumed = false;       // an earlier session, without a certificate
  std::string alert_sent{};   // names as in RFC 8446, 6
  std::string alert_received{};
  std::int64_t reply_code = 0;       // of the server's reply that decided; 0: none did
  std::string enhanced_code{};       // RFC 3463: "5.7.8"
  std::string reply{};               // its text, printable
  std::string sentence{};            // one sentence for a person; never holds a secret
  std::vector<std::string> notes{};  // sentences on what was let pass

  // Null: the exchange never came there.
  const PhaseRecord* find(Phase wanted) const {
    const auto found = std::find_if(phases.begin(), phases.end(), [wanted](const PhaseRecord& one) {
      return one.phase == wanted;
    });
    return found == phases.end() ? nullptr : &*found;
  }
};

}  // namespace startle::client
