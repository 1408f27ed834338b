#pragma once
// What the client did, as it says itself: one ending, and what it knows about it.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"
#include "harness/words/words.h"

namespace startle::client {

// Where an exchange ended. In LDAP the root DSE is the capabilities, binding is authentication and
// unbinding is quitting.
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

struct Outcome {
  words::Ending ending = words::Ending::not_connected;
  Phase phase = Phase::configuration;
  std::string tls_version{};  // "TLS1.3"; empty: no TLS was reached
  std::string alert_sent{};   // names as in RFC 8446, 6
  std::string alert_received{};
  std::int64_t reply_code = 0;       // of the server's reply that decided; 0: none did
  std::string enhanced_code{};       // RFC 3463: "5.7.8"
  std::string reply{};               // its text, printable
  std::string sentence{};            // one sentence for a person; never holds a secret
  std::vector<std::string> notes{};  // sentences on what was let pass
};

}  // namespace startle::client
