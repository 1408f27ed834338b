#include "cases/engine/finding_texts.h"

#include <string>
#include <string_view>

#include "fake-servers/protocols.h"

namespace startle::cases {
namespace {

using words::Ending;
using words::Invariant;

struct Text {
  std::string_view why;
  std::string fix;
};

Text about_accepting(Ending right, const fake::ServerProtocol& protocol) {
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
              "where TLS is demanded, end the session without it (" +
                  std::string(protocol.tls_clause) + ")"};
    default:
      return {"the client takes for success what is none",
              "report success only for the reply that means it"};
  }
}

// What every protocol has in common; of the rest each has words of its own.
Text about(Invariant invariant) {
  switch (invariant) {
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
    default:
      return {};
  }
}

Text about(Invariant invariant, const fake::ServerProtocol& protocol) {
  for (const fake::Advice& advice : protocol.advice) {
    if (advice.invariant == invariant) return {advice.why, std::string(advice.fix)};
  }
  return about(invariant);
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
    case Invariant::did_not_await_tls:
      return "the client spoke in clear behind STARTTLS before TLS stood";
    case Invariant::secret_in_output:
      return "the secret stands in the client's output";
    case Invariant::hung:
      return "the deadline passed";
  }
  return "";
}

void state_clauses(report::Finding& finding, const Exchange& exchange, const Catalogue& catalogue) {
  if (finding.id == word(Invariant::secret_in_output)) {
    finding.clauses.push_back("CWE-532: a secret does not belong into what a program prints");
    return;  // whatever the case is about
  }
  if (!exchange.stated) {
    finding.requirements = catalogue.purpose(exchange.certificate).requirements;
    const certs::Recipe& recipe = catalogue.recipe(exchange.certificate);
    if (finding.requirements.empty() && recipe.id != Setup{}.certificate) {
      finding.clauses.push_back(recipe.clause + ": " + recipe.reason);
      return;
    }
  }
  if (finding.requirements.empty()) finding.requirements = exchange.requirements;
  for (const std::string& id : finding.requirements) {
    const Requirement& requirement = catalogue.requirement(id);
    finding.clauses.push_back(requirement.clause + " (" + id + "): " + requirement.rule);
  }
}

void explain(report::Finding& finding, const Exchange& exchange, const Expectation& expected) {
  Text text;
  const auto& protocol = fake::server_protocol(words::protocol_of(exchange.mode));
  if (finding.id.starts_with("accepts/"))
    text = about_accepting(expected.endings.front(), protocol);
  else if (finding.id.starts_with("refuses/"))
    text = about_refusing();
  else if (const auto invariant = from_word<Invariant>(finding.id))
    text = about(*invariant, protocol);
  else
    text = about_the_reason();
  finding.why = exchange.why.empty() ? text.why : exchange.why;
  finding.fix = exchange.fix.empty() ? text.fix : exchange.fix;
}

std::string why_it_matters(const Exchange& exchange, const Expectation& expected) {
  const auto& right = expected.endings;
  const bool to_succeed = std::any_of(right.begin(), right.end(), words::is_success);
  report::Finding finding{.id = to_succeed ? "refuses/" : "accepts/"};
  explain(finding, exchange, expected);
  return finding.why;
}

}  // namespace startle::cases
