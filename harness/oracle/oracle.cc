#include "harness/oracle/oracle.h"

#include "harness/oracle/certificate_verdict.h"
#include "harness/oracle/quote.h"
#include "harness/oracle/store_rules.h"
#include "harness/oracle/trust_value.h"

namespace startle::oracle {
namespace {

bool is_external(const CredentialFacts& credential) {
  return credential.mechanism == sasl::Mechanism::external;
}

const words::ProtocolRow& protocol_of(const Question& question) {
  return row_of(words::protocol_of(question.mode));
}

// A bind is anonymous when it has neither name nor password (RFC 4513, 5.1.1).
bool is_anonymous(const Question& question) {
  const CredentialFacts& credential = question.credential;
  return protocol_of(question).is_directory && !credential.mechanism &&
         !credential.username_present &&
         (!credential.password_present || credential.password_empty);
}

// Java's mail libraries send without AUTH where they are given nobody (mail.smtp.auth is false).
bool is_unauthenticated_mail(const Question& question) {
  const CredentialFacts& credential = question.credential;
  return protocol_of(question).is_submission && words::is_javas(question.model) &&
         !credential.mechanism && !credential.username_present && !credential.password_present;
}

// What is wrong with the credential as configured; empty: nothing.
std::string why_no_credential(const Question& question) {
  const CredentialFacts& credential = question.credential;
  if (is_external(credential)) {
    if (!words::demands_tls(question.mode)) {
      return "mechanism=\"EXTERNAL\" requires TLS: the certificate is shown in its handshake";
    }
    return credential.certificate_present ? "" : "mechanism=\"EXTERNAL\" requires certificate";
  }
  if (is_anonymous(question) || is_unauthenticated_mail(question)) return "";
  const words::ProtocolRow& protocol = protocol_of(question);
  if (protocol.is_submission && !words::demands_tls(question.mode)) return "";
  const bool simple_bind = protocol.is_directory && !credential.mechanism;
  const std::string subject =
      credential.mechanism ? "mechanism=\"" + std::string(word(*credential.mechanism)) + "\""
      : simple_bind
          ? "a bind that is not anonymous"
          : std::string(words::is_implicit_tls(question.mode) ? "ssl" : "starttls") + "=\"true\"";
  if (!credential.username_present) return subject + " requires username";
  if (!credential.password_present) return subject + " requires password";
  const bool sends_empty = protocol.is_mail && words::is_javas(question.model);
  if (credential.username_empty && !sends_empty) return "the username is empty";
  if (!credential.password_empty) return "";
  if (simple_bind) {
    return "a name with an empty password is an unauthenticated bind (RFC 4513, 5.1.2)";
  }
  return sends_empty ? "" : "the password is empty";
}

// Why the client does not even connect; empty: it does.
std::string why_misconfigured(const Question& question) {
  if (question.host.empty()) return "url names no host";
  if (std::string why = why_no_credential(question); !why.empty()) return why;
  if (!words::demands_tls(question.mode)) return "";
  if (effect_of(question) == StoreEffect::unusable) return sentence_of(question);
  if (!is_documented(question.model)) return "";
  if (!question.trust) {
    return std::string(words::is_implicit_tls(question.mode) ? "ssl" : "starttls") +
           "=\"true\" requires trust";
  }
  return tokens_of(*question.trust).empty() ? "trust is empty: it lists no host" : "";
}

// Without STARTTLS no certificate is looked at, and no credential is sent.
Answer expect_in_clear(const Question& question) {
  if (question.credential.username_present) {
    return {{words::Ending::auth_unavailable},
            "a user is configured, and without TLS no credential is ever sent"};
  }
  return {{words::Ending::delivered_in_clear}, "no TLS is configured: everything goes in clear"};
}

// After the certificate was accepted.
Answer expect_in_tls(const Question& question, const std::string& accepted_because) {
  const CredentialFacts& credential = question.credential;
  const words::ProtocolRow& protocol = protocol_of(question);
  const words::Ending success = protocol.success;
  if (is_anonymous(question) || is_unauthenticated_mail(question)) {
    return {{success}, accepted_because};
  }
  if (!credential.offered) {
    return {{words::Ending::auth_unavailable},
            credential.mechanism
                ? "inside TLS the server does not offer " + std::string(word(*credential.mechanism))
                : "inside TLS the server offers no mechanism that may be used"};
  }
  if (is_external(credential) && !credential.accepted) {
    return {{words::Ending::auth_rejected}, "the server does not accept the client's certificate"};
  }
  if (credential.password_empty && !is_external(credential)) {
    return {{words::Ending::auth_rejected}, "the server refuses the empty password (RFC 4616, 2)"};
  }
  if (!credential.accepted) {
    const bool token = credential.mechanism && sasl::takes_token(*credential.mechanism);
    return {{words::Ending::auth_rejected},
            token ? "the server refuses this token"
                  : "the server refuses this user with this password"};
  }
  if (protocol.is_submission && !credential.sender_authorized) {
    return {{words::Ending::sender_not_authorized},
            "the user may not send from the configured e-mail address"};
  }
  return {{success}, accepted_because};
}

}  // namespace

Answer expect(const Question& question) {
  if (const std::string why = why_misconfigured(question); !why.empty()) {
    return {{words::Ending::configuration_error}, why};
  }
  if (!words::demands_tls(question.mode)) return expect_in_clear(question);
  CertificateVerdict verdict =
      words::is_javas(question.model) ? judge_as_java(question) : judge_by_names(question);
  if (const std::string store = sentence_of(question); !store.empty()) {
    verdict.reason += "; " + store;
  }
  if (!verdict.acceptable) return {verdict.refusals, verdict.reason};
  // The reason of an ending behind the certificate counts only where the certificate must pass.
  Answer answer = expect_in_tls(question, verdict.reason);
  if (verdict.refusals.empty()) return answer;
  answer.endings.insert(answer.endings.end(), verdict.refusals.begin(), verdict.refusals.end());
  answer.reason = verdict.reason;
  return answer;
}

}  // namespace startle::oracle
