// The order of checks of Java's models: `angus`, `javamail`, which looks at no name,
// `javamail-identity`, which matches names by itself, and `jndi`, to which `trust` is nothing.

#include "harness/oracle/certificate_verdict.h"
#include "harness/oracle/flaw_rules.h"
#include "harness/oracle/host_name.h"
#include "harness/oracle/java_identity.h"
#include "harness/oracle/quote.h"
#include "harness/oracle/store_rules.h"
#include "harness/oracle/trust_value.h"

namespace startle::oracle {
namespace {

// What JSSE refuses before it asks anybody: it cannot use the key, or its limits are passed.
CheckResult check_handshake(const Facts& facts) {
  constexpr std::size_t kMostCertificates = 10;  // jdk.tls.maxCertificateChainLength
  if (facts.dsa_key) {
    return refuse(words::Ending::handshake_failure,
                  "no cipher suite that a client offers works with a DSA key (RFC 8446, 4.2.3)");
  }
  if (facts.oversized) {
    return refuse(words::Ending::handshake_failure,
                  "Java takes no handshake message of more than 32 KiB "
                  "(jdk.tls.maxHandshakeMessageSize), whatever trust says");
  }
  if (facts.certificates > kMostCertificates) {
    return refuse(words::Ending::handshake_failure,
                  "Java takes no more than 10 certificates (jdk.tls.maxCertificateChainLength), "
                  "whatever trust says");
  }
  return {};
}

// jdk.certpath.disabledAlgorithms; enforced even where the certificate is not validated.
CheckResult check_algorithm_constraints(const Facts& facts) {
  if (facts.rsa_bits > 0 && facts.rsa_bits < 1024) {
    return refuse(words::Ending::validation_failure,
                  "Java's algorithm constraints refuse an RSA key of " +
                      std::to_string(facts.rsa_bits) + " bits, whatever trust says");
  }
  if (facts.digest == Digest::md5) {
    return refuse(words::Ending::validation_failure,
                  "Java's algorithm constraints refuse a signature with md5, whatever trust says");
  }
  if (facts.authority_flaw == Flaw::very_weak_key) {
    return refuse(words::Ending::validation_failure,
                  "Java's algorithm constraints refuse an issuer's RSA key of less than 1024 bits, "
                  "whatever trust says");
  }
  if (facts.authority_flaw == Flaw::md5_signature) {
    return refuse(words::Ending::validation_failure,
                  "Java's algorithm constraints refuse an issuer's signature with md5, whatever "
                  "trust says");
  }
  return {};
}

// Of a certificate that is accepted as it is: RFC 8017, 9.1.1, with the SHA-256 and the salt of
// rsa_pss_rsae_sha256 (RFC 8446, 4.2.3).
CheckResult check_key_length(const Facts& facts) {
  constexpr int kLeastBits = 8 * (32 + 32 + 2);
  if (facts.rsa_bits == 0 || facts.rsa_bits >= kLeastBits) return {};
  return refuse(words::Ending::handshake_failure,
                "an RSA key of " + std::to_string(facts.rsa_bits) +
                    " bits is too short for the server's signature");
}

// Why a certificate is validated at all, behind what is wrong with it.
std::string why_validated(words::TrustModel model) {
  return words::has_literal_list(model) ? ", and trust is absent" : "";
}

CheckResult check_path(Path path, const std::string& behind) {
  switch (path) {
    case Path::anchored:
      return {};
    case Path::impostor:  // a path by names, whose signature is wrong
      return refuse(words::Ending::validation_failure,
                    "what the server sends under the issuer's name has another key" + behind);
    case Path::namesake:
      return {
          .refusals = {words::Ending::certificate_not_trusted, words::Ending::validation_failure},
          .reason = "a trust anchor has the issuer's name and another key" + behind};
    case Path::self_signed:
    case Path::unknown_anchor:
    case Path::issuer_missing:
      break;
  }
  return refuse(words::Ending::certificate_not_trusted,
                "Java finds no path from the certificate to a trust anchor" + behind);
}

// What Java's path validation refuses.
CheckResult check_flaw(Bearer bearer, Flaw flaw, const std::string& behind) {
  const FlawRule* rule = rule_of(bearer, flaw);
  return rule == nullptr ? CheckResult{} : result_of(*rule, rule->java, behind);
}

// What Java's parser refuses.
CheckResult check_reading(Bearer bearer, Flaw flaw) {
  const FlawRule* rule = rule_of(bearer, flaw);
  if (rule == nullptr) return {};
  const bool reads = rule->java_any_trust == FlawConsequence::may_refuse_somehow;
  return result_of(*rule, rule->java_any_trust,
                   reads ? ", which Java passes over" : ", which Java refuses to read");
}

// Java looks at the beginning first.
CheckResult check_java_dates(Validity validity, const std::string& whose) {
  return check_dates(validity == Validity::never ? Validity::not_yet_valid : validity, whose);
}

CheckResult check_signature(const Facts& facts) {
  if (facts.path == Path::impostor || facts.signature_valid) return {};
  return refuse(words::Ending::validation_failure, "the certificate's signature is wrong");
}

CheckResult check_purpose(const Facts& facts) {
  if (facts.server_purpose != ServerPurpose::missing) return {};
  return refuse(words::Ending::certificate_wrong_purpose,
                "the certificate's extended key usage does not allow TLS server authentication");
}

// Where no path is needed, that key says nothing of the certificate; a client may look at it.
CheckResult check_impostor(Path path) {
  if (path != Path::impostor) return {};
  return may_refuse(words::Ending::validation_failure,
                    "what the server sends under the issuer's name has another key");
}

// Java builds a path first, then validates it from the trust anchor's side: what is wrong with an
// intermediate comes before what is wrong with the end entity.
bool passes_pkix(Checks& checks, const Facts& facts, StoreEffect store, const std::string& behind) {
  const bool needs_path = store != StoreEffect::adds_shown;
  return checks.goes_on(needs_path ? check_path(facts.path, behind) : check_impostor(facts.path)) &&
         checks.goes_on(check_algorithm_constraints(facts)) &&
         checks.goes_on(check_flaw(Bearer::authority, facts.authority_flaw, behind)) &&
         checks.goes_on(check_java_dates(facts.intermediates, "an intermediate certificate")) &&
         checks.goes_on(check_java_dates(facts.end_entity, "the certificate")) &&
         checks.goes_on(check_signature(facts)) &&
         checks.goes_on(check_flaw(Bearer::end_entity, facts.end_entity_flaw, behind)) &&
         checks.goes_on(check_purpose(facts));
}

std::string java_names(const PresentedIdentity& presented) {
  if (!presented.dns_names.empty() || presented.common_name.empty()) {
    return presented_names(presented);
  }
  const std::string common_name = "common name " + quoted(presented.common_name);
  return presented.ip_addresses.empty() ? common_name
                                        : presented_names(presented) + ", " + common_name;
}

std::string why_unlisted(const Question& question) {
  const std::string value = question.trust.value_or("");
  if (value.empty()) return "trust is present but empty: Java refuses every server";
  return "the configured host " + quoted(question.host) +
         " does not stand letter for letter in trust, which is " + quoted(value) +
         ": Java refuses the server";
}

bool looks_at_names(words::TrustModel model) {
  return !words::is_based_on(model, words::TrustModel::javamail);
}

// Java's LDAP client leaves the name to the handshake in ldaps, and behind StartTLS looks itself.
bool looks_behind_starttls(const Question& question) {
  return words::is_based_on(question.model, words::TrustModel::jndi) &&
         !words::is_implicit_tls(question.mode);
}

bool identifies(const Question& question) {
  const PresentedIdentity& presented = question.facts.presented;
  if (words::is_based_on(question.model, words::TrustModel::javamail_identity)) {
    return javamail_identifies(question.host, presented);
  }
  return looks_behind_starttls(question) ? starttls_identifies(question.host, presented)
                                         : java_identifies(question.host, presented);
}

std::string who_looks(const Question& question) {
  using enum words::TrustModel;
  if (words::is_based_on(question.model, javamail_identity)) {
    return address_octets(presented_form(question.host))
               ? "JavaMail looks for an address among the names alone, whatever trust says"
               : "JavaMail compares the two letter by letter, whatever trust says";
  }
  if (looks_behind_starttls(question) && question.host.ends_with('.')) {
    return "behind StartTLS a host with a final dot is no name to Java";
  }
  return words::is_based_on(question.model, jndi)
             ? "Java's LDAP client checks the name"
             : "Angus Mail checks the name whatever trust says";
}

CheckResult check_name(const Question& question) {
  if (!looks_at_names(question.model) || identifies(question)) return {};
  return refuse(words::Ending::certificate_host_mismatch,
                "the certificate is issued to " + java_names(question.facts.presented) +
                    ", the configured host is " + quoted(question.host) + ": " +
                    who_looks(question));
}

std::string why_accepted(words::TrustModel model, JavaTrust trust, const std::string& host) {
  if (trust == JavaTrust::anyone) return "trust is `*`: Java does not validate the chain";
  if (trust == JavaTrust::listed) {
    return "trust lists the configured host " + host + ": Java does not validate its chain";
  }
  return looks_at_names(model)
             ? "the certificate has a path to a trust anchor and names the host"
             : "the certificate has a path to a trust anchor; JavaMail does not look at its name";
}

}  // namespace

CertificateVerdict judge_as_java(const Question& question) {
  const StoreEffect store = effect_of(question);
  Facts facts = seen_with(store, question.facts);
  if (store == StoreEffect::replaces && facts.path == Path::impostor) {
    facts.path = Path::unknown_anchor;  // without an anchor there is no path by names either
  }
  const std::string host = quoted(question.host);
  const JavaTrust trust = words::has_literal_list(question.model)
                              ? java_trust(question.host, question.trust)
                              : JavaTrust::pkix;
  // A list, and `*`, take the place of the trust manager that knows the store.
  const bool as_it_is = trust == JavaTrust::pkix && store == StoreEffect::accepts_shown;

  Checks checks;
  if (!checks.goes_on(check_handshake(facts)) ||
      !checks.goes_on(check_reading(Bearer::end_entity, facts.end_entity_flaw)) ||
      !checks.goes_on(check_reading(Bearer::authority, facts.authority_flaw)) ||
      (as_it_is ? !checks.goes_on(check_key_length(facts))
       : trust == JavaTrust::pkix
           ? !passes_pkix(checks, facts, store, why_validated(question.model))
           : !checks.goes_on(check_algorithm_constraints(question.facts))) ||
      !checks.goes_on(check_name(question))) {
    return std::move(checks).refuse();
  }
  if (trust == JavaTrust::unlisted) {
    checks.goes_on(refuse(words::Ending::certificate_not_trusted, why_unlisted(question)));
    return std::move(checks).refuse();
  }
  return std::move(checks).accept(
      as_it_is ? "Java looks no further at a certificate that its trust store holds"
               : why_accepted(question.model, trust, host));
}

}  // namespace startle::oracle
