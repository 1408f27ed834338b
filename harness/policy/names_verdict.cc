// The order of checks of the models `documented` and `pkix`.

#include <algorithm>

#include "harness/policy/certificate_verdict.h"
#include "harness/policy/quote.h"
#include "harness/policy/reference_identity.h"
#include "harness/policy/trust_value.h"

namespace startle::policy {
namespace {

Refusal check_chain(const Facts& facts) {
  switch (facts.path) {
    case Path::self_signed:
      return refuse(Ending::certificate_not_trusted,
                    "the certificate is self-signed and is no trust anchor");
    case Path::unknown_anchor:
      return refuse(Ending::certificate_not_trusted,
                    "the chain ends in a certification authority that the client does not hold");
    case Path::issuer_missing:
      return refuse(Ending::certificate_not_trusted,
                    "the server does not send the intermediate certificate, so there is no path "
                    "to a trust anchor");
    case Path::impostor:
      return refuse(Ending::certificate_not_trusted,
                    "what the server sends under the issuer's name has another key");
    case Path::anchored:
      break;
  }
  switch (facts.authority_flaw) {
    case Flaw::not_ca:
      return refuse(Ending::validation_failure,
                    "the certificate's issuer is no certification authority (RFC 5280, 4.2.1.9)");
    case Flaw::path_length_exceeded:
      return refuse(Ending::validation_failure,
                    "the chain is longer than an intermediate's path length allows (RFC 5280, "
                    "4.2.1.9)");
    case Flaw::name_constraint_violated:
      return refuse(Ending::validation_failure,
                    "the certificate's name lies outside an intermediate's name constraints (RFC "
                    "5280, 4.2.1.10)");
    default:
      break;
  }
  return std::nullopt;
}

// RFC 9325, 4.5. A signature that cannot be checked proves nothing, whatever its digest.
Refusal check_strength(const Facts& facts) {
  if (facts.rsa_bits > 0 && facts.rsa_bits < 2048) {
    return refuse(Ending::validation_failure, "an RSA key of " + std::to_string(facts.rsa_bits) +
                                                  " bits is too weak: 2048 is "
                                                  "the least (RFC 9325, 4.5)");
  }
  const bool weak = facts.digest == Digest::md5 || facts.digest == Digest::sha1;
  if (weak && facts.signature_checkable) {
    return refuse(Ending::validation_failure, "the certificate is signed with " +
                                                  std::string(word(facts.digest)) +
                                                  ", which is broken (RFC 9325, 4.5)");
  }
  return std::nullopt;
}

std::string looked_for(const Question& question, const References& references) {
  const std::string names = quoted(references.identities);
  if (question.model == TrustModel::pkix) {
    return references.identities.empty()
               ? "the configured host is neither a host name nor an IP address"
               : "the client looks for " + names;
  }
  return references.identities.empty() ? "trust lists no host name and no IP address"
                                       : "trust lists " + names;
}

CertificateVerdict judge_names(const Question& question, const References& references) {
  const PresentedIdentity& presented = question.facts.presented;
  Match best = Match::no;
  for (const std::string& reference : references.identities) {
    best = std::max(best, match(reference, presented));
  }
  const std::string issued = "the certificate is issued to " + presented_names(presented) + ", ";
  const std::string wanted = looked_for(question, references);
  if (best == Match::yes) return {.reason = issued + wanted};
  if (best == Match::debatable) {
    return {.refusal = Ending::certificate_host_mismatch,
            .debatable = true,
            .reason = issued + wanted +
                      ": RFC 9525, 7.1 leaves open whether a wildcard may cover "
                      "a whole top-level domain"};
  }
  if (!presented.has_san() && !presented.common_name.empty()) {
    return refuse(Ending::certificate_host_mismatch,
                  "common name only: the certificate has no subjectAltName, and its common name " +
                      quoted(presented.common_name) + " identifies no server (RFC 9525, 2), " +
                      wanted);
  }
  return refuse(Ending::certificate_host_mismatch, issued + wanted);
}

}  // namespace

CertificateVerdict judge_by_names(const Question& question) {
  const Facts& facts = question.facts;
  const bool pkix = question.model == TrustModel::pkix;
  const References references = references_of(question.model, question.host, question.trust);
  if (references.anyone) return {.reason = "trust is `*`: no certificate is validated"};

  if (facts.signature_checkable && !facts.signature_valid) {
    return refuse(Ending::validation_failure, "the certificate's signature is wrong");
  }
  if (auto refusal = check_dates(facts.end_entity, "the certificate")) return *refusal;
  if (pkix) {
    if (auto refusal = check_dates(facts.intermediates, "an intermediate certificate")) {
      return *refusal;
    }
    if (auto refusal = check_chain(facts)) return *refusal;
  }
  if (auto refusal = check_strength(facts)) return *refusal;
  if (facts.server_purpose == ServerPurpose::missing) {
    return refuse(Ending::certificate_wrong_purpose,
                  "the certificate's extended key usage does not allow TLS server authentication");
  }
  return judge_names(question, references);
}

}  // namespace startle::policy
