#pragma once
// A submission with implicit TLS whose server is sound but for what the test has it say to AUTH,
// and a SCRAM server whose messages the test may change.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/client/decisions.h"
#include "harness/client/outcome.h"
#include "harness/client/settings.h"
#include "harness/sasl/scram.h"

namespace startle::client {

// The server's half of SCRAM, each message as octets.
class ScramPeer {
 public:
  explicit ScramPeer(sasl::ScramHash hash = sasl::ScramHash::sha_256,
                     std::string password = "canary")
      : hash_(hash), password_(std::move(password)) {}

  // server-first-message, to a client that has this nonce.
  std::function<std::string(const std::string&)> challenge = [](const std::string& nonce) {
    return "r=" + nonce + "server,s=QSXCR+Q6sek8bf92,i=4096";
  };
  // What answers the client's first message, then its last: the signature of what was said.
  std::string answer(const std::string& message);

 private:
  sasl::ScramHash hash_;
  std::string password_;
  std::string bare_{};
  std::string challenge_{};
};

// A 334 with these octets.
std::string challenge_of(const std::string& octets);
// The octets of an AUTH line's initial response, or of an answer.
std::string octets_of(const std::string& line);

// What the server says to AUTH, and to each line after a 334, without CRLF. `line`: the client's.
using SaslServer = std::function<std::string(const std::string& line)>;

// Reads the client's messages by `peer`, and says 235 after the last.
SaslServer sound_scram(std::shared_ptr<ScramPeer> peer);

struct SmtpSaslRun {
  Outcome outcome{};
  std::vector<std::string> heard{};  // commands and answers, in order
};

// `offered`: behind AUTH in the reply to EHLO.
SmtpSaslRun run_smtp(const Settings& settings, const std::string& offered, const SaslServer& reply,
                     const Decisions& decisions = Decisions());
// A user "user" with the password "canary", at smtps.
Settings smtps_settings();

}  // namespace startle::client
