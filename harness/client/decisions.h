#pragma once
// The points at which a client decides something that matters for security, those of LDAP alone in
// ldap_decisions.h, of SMTP alone in smtp_decisions.h, of SASL in sasl_decisions.h, of TLS in
// tls_decisions.h, between connections in state_decisions.h. The correct decision is the default; a
// defect (harness/subject) overrides one of them and so reproduces a bug class of real clients
// without any `if (bug)` in the client.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "harness/client/certificate_check.h"
#include "harness/client/ldap_decisions.h"
#include "harness/client/sasl_decisions.h"
#include "harness/client/settings.h"
#include "harness/client/smtp_decisions.h"
#include "harness/client/state_decisions.h"
#include "harness/client/tls_decisions.h"
#include "harness/client/trust.h"
#include "harness/wire/smtp_capabilities.h"
#include "harness/wire/smtp_command.h"
#include "harness/wire/smtp_reply.h"

namespace startle::client {

// What to do with bytes that stand behind the go-ahead (the 220 to STARTTLS) in the same segment.
enum class LeftBehind {
  abort,    // the server breaks the protocol: end here
  discard,  // RFC 3207, 6: not acted on
  believe,  // the bug: read after the handshake as if they had come inside TLS
};

class Decisions : public LdapDecisions,
                  public SaslDecisions,
                  public SmtpDecisions,
                  public StateDecisions,
                  public TlsDecisions {
 public:
  Decisions() = default;
  Decisions(const Decisions&) = delete;
  Decisions& operator=(const Decisions&) = delete;

  // Whether these settings demand TLS: by the mode, and by nothing else.
  virtual bool demands_tls(const Settings& settings) const {
    return words::demands_tls(settings.mode);
  }
  // By what the server's certificate is judged; nullopt: the configuration does not say, and `why`.
  virtual std::optional<Trust> trust(const Settings& settings, std::string& why) const {
    return read_trust(settings, why);
  }
  // RFC 5321, 3.8: a connection that is lost is a failure of its own, and a temporary one.
  virtual words::Ending lost_connection() const { return words::Ending::connection_lost; }
  // STARTTLS is demanded and these capabilities were seen in clear: is TLS to be started?
  virtual bool starts_tls(const wire::Capabilities& seen) const { return seen.starttls; }
  // STARTTLS is demanded and not to be had (not offered, or refused with `reply`): go on without?
  virtual bool goes_on_in_clear(const std::optional<wire::SmtpReply>& /*reply*/) const {
    return false;
  }
  // RFC 3207, 4; RFC 4511, 4.14.1: nothing is sent behind STARTTLS before it is answered.
  virtual bool awaits_starttls() const { return true; }
  // STARTTLS is demanded, and the handshake came to nothing: connect again, and go on without TLS?
  virtual bool falls_back_to_clear() const { return false; }
  // RFC 3207, 4: 220 and nothing else.
  virtual bool is_go_ahead(const wire::SmtpReply& reply) const { return reply.code == 220; }
  virtual LeftBehind left_behind(std::string_view /*bytes*/) const { return LeftBehind::abort; }
  // The last word on the server's certificate; `correct` is what the checks say.
  virtual std::optional<Refusal> certificate(std::optional<Refusal> correct, const tls::PeerChain&,
                                             const Settings&) const {
    return correct;
  }
  // RFC 3207, 4.2: what was learned before TLS is discarded. `after` is absent when the server
  // refused the second EHLO.
  virtual wire::Capabilities in_effect(const wire::Capabilities& /*before*/,
                                       const std::optional<wire::Capabilities>& after) const {
    return after.value_or(wire::Capabilities{});
  }
  // Inside TLS: whether credentials are written to the bare socket beneath it (the bug).
  virtual bool writes_credentials_outside() const { return false; }
  // RFC 4954, 4: an AUTH command with an initial response is a command line all the same (RFC 5321,
  // 4.5.3.1.4). `octets`: with CRLF.
  virtual bool fits_in_line(std::size_t octets) const { return octets <= wire::kCommandLine; }
  // RFC 4954, 6: 235 and nothing else.
  virtual bool is_authenticated(const wire::SmtpReply& reply) const { return reply.code == 235; }
};

}  // namespace startle::client
