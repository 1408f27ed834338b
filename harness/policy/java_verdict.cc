// The order of checks of the models `javamail` and `angus`.

#include "harness/policy/certificate_verdict.h"
#include "harness/policy/java_identity.h"
#include "harness/policy/quote.h"
#include "harness/policy/trust_value.h"

namespace startle::policy {
namespace {

// jdk.certpath.disabledAlgorithms; enforced even where the certificate is not validated.
Refusal check_algorithm_constraints(const Facts& facts) {
  if (facts.rsa_bits > 0 && facts.rsa_bits < 1024) {
    return refuse(Ending::validation_failure, "Java's algorithm constraints refuse an RSA key of " +
                                                  std::to_string(facts.rsa_bits) +
                                                  " bits, whatever trust says");
  }
  if (facts.digest == Digest::md5) {
    return refuse(Ending::validation_failure,
                  "Java's algorithm constraints refuse a signature with md5, whatever trust says");
  }
  return std::nullopt;
}

// Java builds a path first, then validates it from the trust anchor's side: what is wrong with an
// intermediate comes before what is wrong with the end entity.
Refusal check_pkix(const Facts& facts) {
  if (facts.path != Path::anchored) {
    return refuse(Ending::certificate_not_trusted,
                  "Java finds no path from the certificate to a trust anchor, and trust is absent");
  }
  if (facts.authority_flaw != Flaw::none) {
    return refuse(Ending::validation_failure, "the chain breaks a rule of RFC 5280, 6.1 (" +
                                                  std::string(word(facts.authority_flaw)) +
                                                  "), and trust is absent");
  }
  if (auto refusal = check_dates(facts.intermediates, "an intermediate certificate")) {
    return refusal;
  }
  if (auto refusal = check_dates(facts.end_entity, "the certificate")) return refusal;
  if (!facts.signature_valid) {
    return refuse(Ending::validation_failure, "the certificate's signature is wrong");
  }
  if (facts.server_purpose == ServerPurpose::missing) {
    return refuse(Ending::certificate_wrong_purpose,
                  "the certificate's extended key usage does not allow TLS server authentication");
  }
  return std::nullopt;
}

std::string java_names(const PresentedIdentity& presented) {
  if (!presented.dns_names.empty() || presented.common_name.empty()) {
    return presented_names(presented);
  }
  const std::string common_name = "common name " + quoted(presented.common_name);
  return presented.ip_addresses.empty() ? common_name
                                        : presented_names(presented) + ", " + common_name;
}

}  // namespace

CertificateVerdict judge_as_java(const Question& question) {
  const Facts& facts = question.facts;
  const std::string host = quoted(question.host);
  const JavaTrust trust = java_trust(question.host, question.trust);

  if (auto refusal = check_algorithm_constraints(facts)) return *refusal;
  if (trust == JavaTrust::pkix) {
    if (auto refusal = check_pkix(facts)) return *refusal;
  }
  if (question.model == TrustModel::angus && !java_identifies(question.host, facts.presented)) {
    return refuse(Ending::certificate_host_mismatch,
                  "the certificate is issued to " + java_names(facts.presented) +
                      ", the configured host is " + host +
                      ": Angus Mail checks the name whatever trust says");
  }
  switch (trust) {
    case JavaTrust::pkix:
      return {.reason = question.model == TrustModel::angus
                            ? "the certificate has a path to a trust anchor and names the host"
                            : "the certificate has a path to a trust anchor; JavaMail does not "
                              "look at its name"};
    case JavaTrust::anyone:
      return {.reason = "trust is `*`: Java does not validate the chain"};
    case JavaTrust::listed:
      return {.reason =
                  "trust lists the configured host " + host + ": Java does not validate its chain"};
    case JavaTrust::unlisted:
      break;
  }
  const std::string value = question.trust.value_or("");
  return refuse(Ending::certificate_not_trusted,
                value.empty() ? "trust is present but empty: Java refuses every server"
                              : "the configured host " + host +
                                    " does not stand letter for letter in trust, which is " +
                                    quoted(value) + ": Java refuses the server");
}

}  // namespace startle::policy
