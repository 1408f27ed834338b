#include "harness/oracle/flaw_rules.h"

#include <array>

namespace startle::oracle {
namespace {

using enum FlawConsequence;
using enum Bearer;

// The order is README.md's.
constexpr std::array kRules{
    FlawRule{.flaw = Flaw::unreadable,
             .documented = refuses_somehow,
             .documented_any = refuses_somehow,
             .pkix = refuses_somehow,
             .java_any_trust = refuses_somehow,
             .sentence = "the certificate's DER ends too early, and TLS needs the key in it (RFC "
                         "8446, 4.4.2)"},
    FlawRule{.flaw = Flaw::trailing_bytes,
             .documented = refuses_somehow,
             .documented_any = refuses_somehow,
             .pkix = refuses_somehow,
             .java_any_trust = may_refuse_somehow,
             .sentence = "something stands behind the certificate where one certificate belongs "
                         "(RFC 8446, 4.4.2)"},
    FlawRule{.flaw = Flaw::not_minimal,
             .documented = may_refuse_somehow,
             .documented_any = may_refuse_somehow,
             .pkix = may_refuse_somehow,
             .sentence = "a length in the certificate is not the shortest: it is BER where DER is "
                         "demanded (RFC 5280, 4.1), which many decoders read all the same"},
    FlawRule{.flaw = Flaw::algorithms_differ,
             .documented = refuses_somehow,
             .documented_any = may_refuse_somehow,
             .pkix = refuses_somehow,
             .java_any_trust = refuses_somehow,
             .sentence = "the certificate names one signature algorithm inside and another "
                         "outside (RFC 5280, 4.1.1.2)"},
    FlawRule{.flaw = Flaw::duplicate_extension,
             .documented = refuses_somehow,
             .documented_any = may_refuse_somehow,
             .pkix = refuses_somehow,
             .java_any_trust = refuses_somehow,
             .sentence = "an extension stands twice in the certificate (RFC 5280, 4.2)"},
    FlawRule{.flaw = Flaw::invalid_text,
             .documented = may_refuse,
             .pkix = may_refuse,
             .sentence = "a UTF8String of the certificate's subject is no UTF-8 (RFC 5280, "
                         "4.1.2.4), which says nothing of whom it is for"},
    FlawRule{.flaw = Flaw::misused_time,
             .documented = may_refuse,
             .pkix = may_refuse,
             .sentence = "a date before 2050 is written as GeneralizedTime: a rule for issuers "
                         "(RFC 5280, 4.1.2.5)"},
    FlawRule{.flaw = Flaw::negative_serial,
             .documented = may_refuse,
             .pkix = may_refuse,
             .sentence = "the serial number is negative: users should be prepared for it (RFC "
                         "5280, 4.1.2.2)"},
    FlawRule{.flaw = Flaw::zero_serial,
             .documented = may_refuse,
             .pkix = may_refuse,
             .sentence = "the serial number is zero: users should be prepared for it (RFC 5280, "
                         "4.1.2.2)"},
    FlawRule{.flaw = Flaw::long_serial,
             .documented = may_refuse,
             .pkix = may_refuse,
             .sentence = "the serial number is longer than the 20 octets that users must take (RFC "
                         "5280, 4.1.2.2)"},
    FlawRule{.flaw = Flaw::uncritical_names,
             .documented = may_refuse,
             .pkix = may_refuse,
             .java_any_trust = refuses_somehow,
             .sentence = "the subject is empty and the subjectAltName not critical (RFC 5280, "
                         "4.2.1.6)"},
    FlawRule{.flaw = Flaw::empty_names,
             .documented = may_refuse,
             .pkix = may_refuse,
             .sentence = "the subjectAltName has no entry (RFC 5280, 4.2.1.6)"},
    FlawRule{.flaw = Flaw::unknown_critical_extension,
             .documented = refuses,
             .pkix = refuses,
             .java = refuses,
             .sentence = "the certificate has a critical extension that nobody knows (RFC 5280, "
                         "4.2)"},
    FlawRule{.flaw = Flaw::wrong_authority_key,
             .of_path = true,
             .pkix = may_find_no_path,
             .sentence = "the certificate's authority key identifier is not its issuer's, and it "
                         "only serves to build paths (RFC 5280, 4.2.1.1)"},
    FlawRule{.flaw = Flaw::signing_not_allowed,
             .documented = refuses_somehow,
             .documented_any = may_refuse_somehow,
             .pkix = refuses_somehow,
             .java = refuses,
             .sentence = "the certificate's key usage does not let its key sign the handshake: "
                         "digitalSignature is missing (RFC 8446, 4.4.2.2; RFC 5280, 4.2.1.3)"},

    FlawRule{.flaw = Flaw::unreadable,
             .bearer = authority,
             .documented = may_refuse_somehow,
             .documented_any = may_refuse_somehow,
             .pkix = refuses_or_finds_no_path,
             .java_any_trust = refuses_somehow,
             .sentence = "the DER of an intermediate certificate ends too early (RFC 8446, 4.4.2)"},
    FlawRule{.flaw = Flaw::trailing_bytes,
             .bearer = authority,
             .documented = may_refuse_somehow,
             .documented_any = may_refuse_somehow,
             .pkix = refuses_or_finds_no_path,
             .sentence = "something stands behind an intermediate certificate (RFC 8446, 4.4.2)"},
    FlawRule{.flaw = Flaw::not_minimal,
             .bearer = authority,
             .documented = may_refuse_somehow,
             .documented_any = may_refuse_somehow,
             .pkix = may_refuse_somehow,
             .sentence = "a length in an intermediate certificate is not the shortest: it is BER "
                         "where DER is demanded (RFC 5280, 4.1)"},
    FlawRule{.flaw = Flaw::algorithms_differ,
             .bearer = authority,
             .pkix = refuses_or_finds_no_path,
             .java_any_trust = refuses_somehow,
             .sentence = "an intermediate certificate names one signature algorithm inside and "
                         "another outside (RFC 5280, 4.1.1.2)"},
    FlawRule{.flaw = Flaw::duplicate_extension,
             .bearer = authority,
             .pkix = refuses_or_finds_no_path,
             .java_any_trust = refuses_somehow,
             .sentence = "an extension stands twice in an intermediate certificate (RFC 5280, "
                         "4.2)"},
    FlawRule{.flaw = Flaw::invalid_text,
             .bearer = authority,
             .of_path = true,
             .pkix = may_refuse,
             .sentence = "a UTF8String of an intermediate certificate's subject is no UTF-8 (RFC "
                         "5280, 4.1.2.4)"},
    FlawRule{.flaw = Flaw::misused_time,
             .bearer = authority,
             .of_path = true,
             .pkix = may_refuse,
             .sentence = "a date of an intermediate certificate before 2050 is written as "
                         "GeneralizedTime (RFC 5280, 4.1.2.5)"},
    FlawRule{.flaw = Flaw::negative_serial,
             .bearer = authority,
             .of_path = true,
             .pkix = may_refuse,
             .sentence = "an intermediate certificate's serial number is negative (RFC 5280, "
                         "4.1.2.2)"},
    FlawRule{.flaw = Flaw::zero_serial,
             .bearer = authority,
             .of_path = true,
             .pkix = may_refuse,
             .sentence = "an intermediate certificate's serial number is zero (RFC 5280, "
                         "4.1.2.2)"},
    FlawRule{.flaw = Flaw::long_serial,
             .bearer = authority,
             .of_path = true,
             .pkix = may_refuse,
             .sentence = "an intermediate certificate's serial number is longer than 20 octets "
                         "(RFC 5280, 4.1.2.2)"},
    FlawRule{.flaw = Flaw::unknown_critical_extension,
             .bearer = authority,
             .of_path = true,
             .pkix = refuses,
             .java = refuses,
             .sentence = "an intermediate certificate has a critical extension that nobody knows "
                         "(RFC 5280, 4.2)"},
    FlawRule{.flaw = Flaw::wrong_authority_key,
             .bearer = authority,
             .of_path = true,
             .pkix = may_find_no_path,
             .sentence = "an intermediate certificate's authority key identifier is not its "
                         "issuer's, and it only serves to build paths (RFC 5280, 4.2.1.1)"},
    FlawRule{.flaw = Flaw::wrong_signature,
             .bearer = authority,
             .of_path = true,
             .pkix = refuses,
             .java = refuses,
             .sentence = "an intermediate certificate's signature is wrong (RFC 5280, 6.1.3)"},
    FlawRule{.flaw = Flaw::not_ca,
             .bearer = authority,
             .of_path = true,
             .pkix = refuses,
             .java = refuses,
             .sentence = "the certificate's issuer is no certification authority (RFC 5280, "
                         "4.2.1.9)"},
    FlawRule{.flaw = Flaw::no_basic_constraints,
             .bearer = authority,
             .of_path = true,
             .pkix = refuses,
             .java = refuses,
             .sentence = "an issuer in the chain has no basicConstraints, so it is no "
                         "certification authority (RFC 5280, 6.1.4 (k))"},
    FlawRule{.flaw = Flaw::version_1,
             .bearer = authority,
             .of_path = true,
             .pkix = refuses,
             .java = refuses,
             .sentence = "an issuer in the chain is a certificate of version 1, which says nothing "
                         "of authorities (RFC 5280, 6.1.4 (k))"},
    FlawRule{.flaw = Flaw::no_cert_sign,
             .bearer = authority,
             .of_path = true,
             .pkix = refuses,
             .java = refuses,
             .sentence = "the key of an issuer in the chain may not sign certificates (RFC 5280, "
                         "4.2.1.3)"},
    FlawRule{.flaw = Flaw::path_length_exceeded,
             .bearer = authority,
             .of_path = true,
             .pkix = refuses,
             .java = refuses,
             .sentence = "the chain is longer than an intermediate's path length allows (RFC 5280, "
                         "4.2.1.9)"},
    FlawRule{.flaw = Flaw::name_constraint_violated,
             .bearer = authority,
             .of_path = true,
             .pkix = refuses,
             .java = refuses,
             .sentence = "the certificate's name lies outside an intermediate's name constraints "
                         "(RFC 5280, 4.2.1.10)"},
    FlawRule{.flaw = Flaw::leading_dot_constraint,
             .bearer = authority,
             .of_path = true,
             .pkix = may_refuse,
             .sentence = "an intermediate's name constraint begins with a dot, which RFC 5280, "
                         "4.2.1.10 defines for e-mail and URIs only"},
    FlawRule{.flaw = Flaw::common_name_outside,
             .bearer = authority,
             .of_path = true,
             .pkix = may_refuse,
             .java = refuses,
             .sentence = "the certificate's common name lies outside an intermediate's name "
                         "constraints, which RFC 5280, 4.2.1.10 applies to a subjectAltName"},
    FlawRule{.flaw = Flaw::other_purpose,
             .bearer = authority,
             .of_path = true,
             .pkix = may_refuse_as_purpose,
             .sentence = "an intermediate's extended key usage does not name TLS servers, and "
                         "whether that binds what it issues is not written (RFC 5280, 4.2.1.12)"},
    FlawRule{.flaw = Flaw::other_purpose_critical,
             .bearer = authority,
             .of_path = true,
             .pkix = may_refuse_as_purpose,
             .sentence = "an intermediate's critical extended key usage does not name TLS servers, "
                         "and whether that binds what it issues is not written (RFC 5280, "
                         "4.2.1.12)"},
    FlawRule{.flaw = Flaw::weak_key,
             .bearer = authority,
             .of_path = true,
             .pkix = refuses,
             .sentence = "the RSA key of an issuer in the chain has less than 2048 bits (RFC 9325, "
                         "4.5)"},
    // Java's part in it, and in an MD5 signature, are its algorithm constraints: java_verdict.cc.
    FlawRule{.flaw = Flaw::very_weak_key,
             .bearer = authority,
             .of_path = true,
             .pkix = refuses,
             .sentence = "the RSA key of an issuer in the chain has less than 1024 bits (RFC 9325, "
                         "4.5)"},
    FlawRule{.flaw = Flaw::sha1_signature,
             .bearer = authority,
             .of_path = true,
             .pkix = refuses,
             .sentence = "an issuer's certificate in the chain is signed with SHA-1 (RFC 8446, "
                         "4.4.2.4; RFC 9325, 4.5)"},
    FlawRule{.flaw = Flaw::md5_signature,
             .bearer = authority,
             .of_path = true,
             .pkix = refuses,
             .sentence = "an issuer's certificate in the chain is signed with MD5 (RFC 8446, "
                         "4.4.2.4; RFC 9325, 4.5)"},
    FlawRule{.flaw = Flaw::unknown_curve,
             .bearer = authority,
             .documented = may_refuse,
             .pkix = may_refuse,
             .java = refuses,
             .sentence = "the key of an issuer in the chain is on a Brainpool curve (RFC 5639), "
                         "which a client need not know"},
    FlawRule{.flaw = Flaw::weak_anchor_key,
             .bearer = authority,
             .of_path = true,
             .pkix = refuses,
             .sentence = "the trust anchor's RSA key has less than 2048 bits (RFC 9325, 4.5; RFC "
                         "5280, 8)"},
    FlawRule{.flaw = Flaw::very_weak_anchor_key,
             .bearer = authority,
             .of_path = true,
             .pkix = refuses,
             .java = refuses,
             .sentence = "the trust anchor's RSA key has less than 1024 bits (RFC 9325, 4.5; RFC "
                         "5280, 8)"},
    FlawRule{.flaw = Flaw::anchor_path_length_exceeded,
             .bearer = authority,
             .of_path = true,
             .pkix = may_refuse,
             .sentence = "the chain is longer than the trust anchor's own path length allows, and "
                         "path validation does not ask for it (RFC 5280, 6.1.1; RFC 5937)"},
};

}  // namespace

const FlawRule* rule_of(Bearer bearer, Flaw flaw) {
  for (const FlawRule& rule : kRules) {
    if (rule.bearer == bearer && rule.flaw == flaw) return &rule;
  }
  return nullptr;
}

CheckResult result_of(const FlawRule& rule, FlawConsequence consequence, std::string_view behind) {
  CheckResult result{.reason = std::string(rule.sentence) + std::string(behind)};
  using enum FlawConsequence;
  switch (consequence) {
    case passes:
      return {};
    case may_refuse:
      result.may_pass = true;
      [[fallthrough]];
    case refuses:
      result.refusals = {words::Ending::validation_failure};
      break;
    case may_refuse_somehow:
      result.may_pass = true;
      [[fallthrough]];
    case refuses_somehow:
      result.refusals = {words::Ending::validation_failure, words::Ending::handshake_failure};
      break;
    case refuses_or_finds_no_path:
      result.refusals = {words::Ending::validation_failure, words::Ending::handshake_failure,
                         words::Ending::certificate_not_trusted};
      break;
    case may_find_no_path:
      result.may_pass = true;
      result.refusals = {words::Ending::certificate_not_trusted};
      break;
    case may_refuse_as_purpose:
      result.may_pass = true;
      result.refusals = {words::Ending::certificate_wrong_purpose,
                         words::Ending::validation_failure};
      break;
  }
  return result;
}

}  // namespace startle::oracle
