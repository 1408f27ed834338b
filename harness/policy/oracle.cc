#include "harness/policy/oracle.h"

#include "harness/policy/certificate_verdict.h"
#include "harness/policy/quote.h"
#include "harness/policy/trust_value.h"

namespace startle::policy {
namespace {

// Why the client does not even connect; empty: it does.
std::string configuration_fault(const Question& question) {
  const CredentialFacts& credential = question.credential;
  if (question.host.empty()) return "url names no host";
  if (!demands_tls(question.mode)) return "";
  if (!credential.username_present) return "starttls=\"true\" requires username";
  if (!credential.password_present) return "starttls=\"true\" requires password";
  if (is_literal_list(question.model)) return "";
  if (credential.password_empty) return "the password is empty";
  if (question.model == TrustModel::pkix) return "";
  if (!question.trust) return "starttls=\"true\" requires trust";
  return tokens_of(*question.trust).empty() ? "trust is empty: it lists no host" : "";
}

// Without STARTTLS no certificate is looked at, and no credential is sent.
Answer expect_in_clear(const Question& question) {
  if (question.credential.username_present) {
    return {{Ending::auth_unavailable},
            "a user is configured, and without STARTTLS its password is never sent"};
  }
  return {{Ending::delivered_in_clear}, "starttls=\"false\": the message is sent without TLS"};
}

// After the certificate was accepted.
Answer expect_in_tls(const CredentialFacts& credential, const std::string& accepted_because) {
  if (credential.password_empty) {
    return {{Ending::auth_rejected}, "the server refuses the empty password (RFC 4616, 2)"};
  }
  if (!credential.accepted) {
    return {{Ending::auth_rejected}, "the server refuses this user with this password"};
  }
  if (!credential.sender_authorized) {
    return {{Ending::sender_not_authorized},
            "the user may not send from the configured e-mail address"};
  }
  return {{Ending::delivered}, accepted_because};
}

}  // namespace

Answer expect(const Question& question) {
  if (const std::string fault = configuration_fault(question); !fault.empty()) {
    return {{Ending::configuration_error}, fault};
  }
  if (!demands_tls(question.mode)) return expect_in_clear(question);
  const CertificateVerdict verdict =
      is_literal_list(question.model) ? judge_as_java(question) : judge_by_names(question);
  if (!verdict.refusal) return expect_in_tls(question.credential, verdict.reason);
  Answer answer{{*verdict.refusal}, verdict.reason};
  if (verdict.debatable) {
    const Answer accepted = expect_in_tls(question.credential, verdict.reason);
    answer.endings.insert(answer.endings.begin(), accepted.endings.begin(), accepted.endings.end());
  }
  return answer;
}

}  // namespace startle::policy
