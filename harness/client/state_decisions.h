#pragma once
// The points at which a client that has made connections before decides what of them counts for the
// next. The correct decision is the default; a defect overrides it.

#include <optional>

#include "harness/client/outcome.h"
#include "harness/client/settings.h"

namespace startle::client {

// Two connections are one where all of these hold.
bool same_server(const Settings& a, const Settings& b);      // protocol, host, port
bool same_protection(const Settings& a, const Settings& b);  // mode, and what is made of no TLS
bool same_trust(const Settings& a, const Settings& b);       // whose certificate is accepted
bool same_anchors(const Settings& a, const Settings& b);     // and who may have issued it
bool same_user(const Settings& a, const Settings& b);        // password and certificate, too

// What the process has been told, and what came of it.
struct Past {
  std::optional<Settings> first{};
  std::optional<words::Ending> last{};
};

class StateDecisions {
 public:
  virtual ~StateDecisions() = default;

  // What counts for a connection is what it is told, whatever was told others.
  virtual Settings in_force(const Settings& told, const Past& /*past*/) const { return told; }
  // A connection that is open is used again for what would have made it the same, and nothing else.
  virtual bool may_reuse(const Settings& had, const Settings& wanted) const;
  // RFC 8446, 4.6.1: a session is resumed only with the server that was verified, under the same
  // demands: it inherits what was verified then, and nothing is verified again. `verified`: both
  // name and path, or what the customer demands of them, were.
  virtual bool may_resume(const Settings& had, bool verified, const Settings& wanted) const;
  // A ticket is used once (RFC 8446, C.4). TLS 1.2 gives none with a session that is resumed (RFC
  // 5077, 3.1): who measures nothing but resumption uses the last one again.
  virtual bool uses_tickets_again() const { return false; }
  // How a failed attempt is made once more; nullopt: not at all. RFC 3207, 6: with TLS again. What
  // was sent may have been taken (RFC 5321, 4.5.4.1): then it is not sent twice.
  virtual std::optional<Settings> retry(const Outcome& failed, const Settings& settings) const;
};

}  // namespace startle::client
