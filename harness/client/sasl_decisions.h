#pragma once
// The points at which a client that authenticates by SASL decides something that matters for
// security, in both protocols. The correct decision is the default; a defect overrides it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/client/settings.h"
#include "harness/sasl/client_exchange.h"
#include "harness/sasl/mechanism.h"

namespace startle::client {

// Where it authenticates.
struct SaslPlace {
  bool inside_tls = false;
  bool may_be_in_clear = false;  // the user lets the session go on without TLS
  bool can_bind = false;         // the session has a channel binding
};

// What has been tried, in order, and what the server said to the last.
struct SaslRefusal {
  std::vector<sasl::Mechanism> tried{};
  std::int64_t code = 0;            // of the SMTP reply, or the LDAP result code
  bool challenge_answered = false;  // in the exchange that it refuses
  std::string stated_error{};       // e= of SCRAM
};

class SaslDecisions {
 public:
  virtual ~SaslDecisions() = default;

  // RFC 4422, 3.2; RFC 5802, 6; RFC 4616, 5; the LOGIN draft, 1: the strongest of what is offered
  // inside accepted TLS, and nothing outside unless the user allows it. A mechanism that is
  // configured is the only one; the certificate and tokens are used only where they are configured.
  virtual std::optional<sasl::Mechanism> mechanism(const std::vector<std::string>& offered,
                                                   const SaslPlace& place,
                                                   const Settings& settings) const;
  // What is tried instead. RFC 4954, 4: 504 says that the server does not know the mechanism, which
  // nobody says whose challenge was answered; any other refusal speaks of the credentials or the
  // channel, and a weaker mechanism would be what an attacker wants (RFC 5802, 6). Never is the
  // binding to the channel given up, nor a secret handed over that was not before.
  virtual std::optional<sasl::Mechanism> after_refusal(const SaslRefusal& refusal,
                                                       const std::vector<std::string>& offered,
                                                       const SaslPlace& place,
                                                       const Settings& settings) const;
  // What a -PLUS mechanism binds to: this session, if it has something for that (RFC 5802, 7).
  // A client that has it says so also where no -PLUS is offered (RFC 5802, 6).
  virtual std::optional<sasl::ChannelBinding> binding(
      std::optional<sasl::ChannelBinding> of_session, bool /*plus_offered*/) const {
    return of_session;
  }
  // RFC 4954, 4: octets of a challenge in base64 that are enough for every mechanism.
  virtual std::size_t longest_challenge() const { return 12288; }
  // SMTP: the octets of a challenge. RFC 4954, 4: strictly base64, nothing is skipped.
  virtual std::optional<std::string> decoded(std::string_view text) const;
  // What is answered; nothing: the exchange is given up. `objection`: why it must be.
  virtual std::optional<std::string> challenge(
      std::string_view challenge, const std::optional<sasl::Objection>& objection) const;
  // The server says success, in a reply with this text, or has just given a wrong signature: may
  // the client go on? RFC 5802, 5: not before the server has proved that it knows the password.
  virtual bool is_proven(sasl::Standing standing, std::string_view /*text*/) const {
    return standing == sasl::Standing::complete;
  }
};

}  // namespace startle::client
