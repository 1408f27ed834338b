#pragma once
// Sees whether a client, refused with one mechanism, tries a weaker one (RFC 5802, 6; RFC 4954, 6).
// What was refused stays with the observation: another connection of the client is no excuse.

#include <optional>

#include "fake-servers/dialogue/observation.h"
#include "harness/sasl/mechanism.h"

namespace startle::fake {

// What a server's reply says of the attempt it answers.
enum class AuthReply {
  challenge,
  not_known,  // the command, or its mechanism
  refused,
  not_attempted,  // for a reason of the connection or its state
  other,
};

class AuthWatch {
 public:
  explicit AuthWatch(Observation& seen) : seen_(seen) {}

  // The client asks for a mechanism. A simple bind of LDAP hands over the password as PLAIN does.
  void attempted(sasl::Mechanism mechanism);
  void attempted_unknown() { last_.reset(); }
  // The client gave it up ("*").
  void cancelled() { cancelled_ = true; }
  bool awaits_reply() const { return last_.has_value(); }
  void replied(AuthReply reply);

 private:
  void refused();
  // The server says so of the mechanism: a refusal where it has challenged the client, or the
  // client itself would not go on.
  void not_known();

  Observation& seen_;
  std::optional<sasl::Mechanism> last_{};
  bool challenged_ = false;  // the server took the mechanism up
  bool cancelled_ = false;
};

}  // namespace startle::fake
