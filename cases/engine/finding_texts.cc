#include "cases/engine/finding_texts.h"

#include <optional>
#include <string>

namespace startle::cases {
namespace {

using words::Ending;
using words::Invariant;

struct Text {
  std::string_view why;
  std::string_view fix;
};

Text about_accepting(Ending right, bool ldap) {
  switch (right) {
    case Ending::certificate_host_mismatch:
      return {"anyone who holds any certificate of a trusted authority can take the server's place",
              "check the names of the certificate against the configured host (RFC 9525)"};
    case Ending::certificate_expired:
    case Ending::certificate_not_yet_valid:
      return {"a certificate outside its validity is not vouched for any more, or not yet",
              "check the dates of every certificate of the path (RFC 5280, 6.1.3)"};
    case Ending::certificate_not_trusted:
      return {"anyone can make such a certificate and read the password",
              "verify the chain up to a configured trust anchor before anything is sent"};
    case Ending::certificate_wrong_purpose:
      return {"a certificate issued for something else speaks for the server",
              "require the key purpose serverAuth (RFC 5280, 4.2.1.12)"};
    case Ending::validation_failure:
      return {
          "a chain that breaks a rule of RFC 5280 can be made by someone who is no authority",
          "let the TLS library verify the whole chain and treat every flag it sets as a refusal"};
    case Ending::starttls_not_supported:
    case Ending::starttls_refused:
      return {"an attacker who strips STARTTLS gets everything in clear",
              ldap ? "where TLS is demanded, end the session without it (RFC 4513, 6.2)"
                   : "where TLS is demanded, end the session without it (RFC 8314, 5.2)"};
    default:
      return {"the client takes for success what is none",
              "report success only for the reply that means it"};
  }
}

Text about(Invariant invariant) {
  switch (invariant) {
    case Invariant::secret_in_clear:
      return {"whoever is on the path has the password",
              "never authenticate outside TLS where TLS is demanded (RFC 4954, 9)"};
    case Invariant::payload_in_clear:
      return {"whoever is on the path reads and changes the mail",
              "until TLS stands, send only EHLO, STARTTLS, NOOP and QUIT (RFC 8314, 5.2)"};
    case Invariant::secret_to_refused_peer:
    case Invariant::continued_after_refusal:
      return {"the peer is not who it should be, and is talked to all the same",
              "after a failed verification send an alert, or QUIT, and close (RFC 3207, 4.1)"};
    case Invariant::believed_injected_bytes:
      return {"an attacker answers for the server inside the encrypted session (CVE-2021-22947)",
              "discard, or refuse, whatever stands behind the go-ahead (RFC 3207, 6)"};
    case Invariant::stale_capabilities:
      return {"an attacker chooses the mechanisms by changing the list sent in clear",
              "forget every capability learned before TLS and ask again (RFC 3207, 4.2)"};
    case Invariant::answered_forged_challenge:
      return {"whoever forges the challenge has a proof to guess the password from",
              "check the challenge before anything is computed from it, and cancel (RFC 5802, 5.1; "
              "RFC 4954, 4)"};
    case Invariant::wrong_channel_binding:
      return {"the login is not bound to this connection, and can be passed on to another",
              "send the binding data of the channel in use (RFC 5802, 7; RFC 9266; RFC 5929)"};
    case Invariant::stepped_down:
      return {"whoever makes the strong mechanism fail gets the password of a weak one",
              "after a failed authentication end, or try one that is no weaker (RFC 5802, 6)"};
    case Invariant::secret_in_output:
      return {"the password stands in logs", "never print credentials"};
    case Invariant::hung:
      return {"a server that stalls stops the client for ever",
              "give every wait a time-out (RFC 5321, 4.5.3.2)"};
  }
  return {};
}

// Where LDAP has other words and clauses than SMTP.
std::optional<Text> about_ldap(Invariant invariant) {
  switch (invariant) {
    case Invariant::secret_in_clear:
      return Text{"whoever is on the path has the password",
                  "never bind with a password outside TLS where TLS is demanded (RFC 4513, 2)"};
    case Invariant::payload_in_clear:
      return Text{"whoever is on the path reads and changes what the directory says",
                  "until TLS stands, read the root DSE, ask for StartTLS, unbind, and nothing else "
                  "(RFC 4513, 3.1.1)"};
    case Invariant::secret_to_refused_peer:
    case Invariant::continued_after_refusal:
      return Text{"the peer is not who it should be, and is talked to all the same",
                  "after a failed verification send an alert, or unbind, and close (RFC 4513, "
                  "3.1.3)"};
    case Invariant::believed_injected_bytes:
      return Text{"an attacker answers for the server inside the encrypted session",
                  "discard, or refuse, whatever stands behind the StartTLS response (RFC 4511, "
                  "4.14.2)"};
    case Invariant::stale_capabilities:
      return Text{"an attacker chooses the mechanisms by changing the root DSE sent in clear",
                  "forget what the root DSE said before TLS and read it again (RFC 4513, 3.1.5)"};
    case Invariant::hung:
      return Text{"a server that stalls stops the client for ever", "give every wait a time-out"};
    case Invariant::answered_forged_challenge:
    case Invariant::wrong_channel_binding:
    case Invariant::stepped_down:
    case Invariant::secret_in_output:
      break;
  }
  return std::nullopt;
}

Text about_refusing() {
  return {"a server that does nothing wrong cannot be used",
          "compare the client's own words with the reason above"};
}

Text about_the_reason() {
  return {"whoever reads the report looks for the fault in the wrong place",
          "report the first check that fails, in the order of the trust model"};
}

}  // namespace

std::string_view what_happened(Invariant invariant) {
  switch (invariant) {
    case Invariant::secret_in_clear:
      return "the secret went out in clear";
    case Invariant::payload_in_clear:
      return "commands that need TLS went out in clear";
    case Invariant::secret_to_refused_peer:
      return "the secret was given to a server that had to be refused";
    case Invariant::continued_after_refusal:
      return "the session went on with a server that had to be refused";
    case Invariant::believed_injected_bytes:
      return "the client acted on a reply that the server never gave inside TLS";
    case Invariant::stale_capabilities:
      return "the client used what was offered only before TLS";
    case Invariant::answered_forged_challenge:
      return "the client answered a challenge that it had to refuse";
    case Invariant::wrong_channel_binding:
      return "the client bound its login to another channel, or to what others may share";
    case Invariant::stepped_down:
      return "the client tried a weaker mechanism after a failure";
    case Invariant::secret_in_output:
      return "the secret stands in the client's output";
    case Invariant::hung:
      return "the deadline passed";
  }
  return "";
}

void explain(report::Finding& finding, const Exchange& exchange, const Expectation& expected) {
  Text text;
  const bool ldap = words::protocol_of(exchange.mode) == words::Protocol::ldap;
  if (finding.id.starts_with("accepts/"))
    text = about_accepting(expected.endings.front(), ldap);
  else if (finding.id.starts_with("refuses/"))
    text = about_refusing();
  else if (const auto invariant = from_word<Invariant>(finding.id))
    text = (ldap ? about_ldap(*invariant) : std::nullopt).value_or(about(*invariant));
  else
    text = about_the_reason();
  finding.why = exchange.why.empty() ? text.why : exchange.why;
  finding.fix = exchange.fix.empty() ? text.fix : exchange.fix;
}

}  // namespace startle::cases
