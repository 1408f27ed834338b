// The order of checks of the models `documented` and `pkix`.

#include <algorithm>
#include <array>

#include "harness/oracle/certificate_verdict.h"
#include "harness/oracle/flaw_rules.h"
#include "harness/oracle/quote.h"
#include "harness/oracle/reference_identity.h"
#include "harness/oracle/store_rules.h"
#include "harness/oracle/trust_value.h"

namespace startle::oracle {
namespace {

// What no value of `trust` helps against: the handshake needs it.
CheckResult check_handshake(const Facts& facts) {
  if (facts.dsa_key) {
    return refuse(words::Ending::handshake_failure,
                  "no cipher suite that a client offers works with a DSA key (RFC 8446, 4.2.3)");
  }
  if (facts.oversized) {
    return may_refuse(words::Ending::handshake_failure,
                      "the certificates are longer than 32 KiB: TLS allows 2^24 bytes (RFC 8446, "
                      "4.4.2), libraries set limits of their own");
  }
  return {};
}

// A signature that cannot be checked proves nothing; an impostor's key is not the issuer's.
CheckResult check_signature(const Facts& facts) {
  if (facts.path != Path::impostor && facts.signature_checkable && !facts.signature_valid) {
    return refuse(words::Ending::validation_failure, "the certificate's signature is wrong");
  }
  return {};
}

// RFC 5280, 6.1.1 (d): an anchor is a name and a key, its dates are not processed.
CheckResult check_anchor_dates(Validity anchor) {
  CheckResult result = check_dates(anchor, "the trust anchor");
  result.may_pass = true;
  if (!result.refusals.empty()) {
    result.reason += ", and path validation does not ask for its dates (RFC 5280, 6.1.1 (d))";
  }
  return result;
}

constexpr std::string_view kImpostor =
    "what the server sends under the issuer's name has another key";

CheckResult check_path(Path path) {
  switch (path) {
    case Path::self_signed:
      return refuse(words::Ending::certificate_not_trusted,
                    "the certificate is self-signed and is no trust anchor");
    case Path::unknown_anchor:
      return refuse(words::Ending::certificate_not_trusted,
                    "the chain ends in a certification authority that the client does not hold");
    case Path::issuer_missing:
      return refuse(words::Ending::certificate_not_trusted,
                    "the server does not send the intermediate certificate, so there is no path "
                    "to a trust anchor");
    case Path::impostor:
      return {
          .refusals = {words::Ending::validation_failure, words::Ending::certificate_not_trusted},
          .reason = std::string(kImpostor)};
    case Path::namesake:
      return {
          .refusals = {words::Ending::certificate_not_trusted, words::Ending::validation_failure},
          .reason = "a trust anchor has the issuer's name and another key"};
    case Path::anchored:
      break;
  }
  return {};
}

CheckResult check_revocation_list(Revocation revocation) {
  switch (revocation) {
    case Revocation::revoked:
      return refuse(words::Ending::certificate_revoked,
                    "the client's revocation list has the certificate's number (RFC 5280, 6.3.3)");
    case Revocation::list_expired:
      return may_refuse(words::Ending::validation_failure,
                        "the client's revocation list is out of date, and what that means is left "
                        "to the client (RFC 5280, 6.3)");
    case Revocation::list_of_stranger:
      return may_refuse(words::Ending::validation_failure,
                        "the client's revocation list is not signed by the issuer, so that it says "
                        "nothing, and what that means is left to the client (RFC 5280, 6.3.3)");
    case Revocation::none:
      break;
  }
  return {};
}

CheckResult check_staple(const Facts& facts) {
  switch (facts.staple) {
    case Staple::revoked:
      return refuse(words::Ending::certificate_revoked,
                    "the stapled OCSP response says that the certificate is revoked (RFC 6960, "
                    "2.2)");
    case Staple::expired:
      return refuse(words::Ending::validation_failure,
                    "the stapled OCSP response is out of date (RFC 6066, 8; RFC 6960, 3.2)");
    case Staple::of_another:
      return refuse(words::Ending::validation_failure,
                    "the stapled OCSP response is about another certificate (RFC 6066, 8; RFC "
                    "6960, 3.2)");
    case Staple::of_stranger:
      return refuse(
          words::Ending::validation_failure,
          "the stapled OCSP response is signed by nobody who may speak for the issuer (RFC "
          "6066, 8; RFC 6960, 3.2)");
    case Staple::none:
      if (!facts.must_staple) break;
      return may_refuse(words::Ending::validation_failure,
                        "the certificate demands a stapled OCSP response, none is there, and a "
                        "client should refuse that (RFC 7633, 4.3.3)");
    case Staple::good:
      break;
  }
  return {};
}

// RFC 9325, 4.5. A signature that cannot be checked proves nothing, whatever its digest.
CheckResult check_strength(const Facts& facts) {
  if (facts.rsa_bits > 0 && facts.rsa_bits < 2048) {
    return refuse(words::Ending::validation_failure, "an RSA key of " +
                                                         std::to_string(facts.rsa_bits) +
                                                         " bits is too weak: 2048 is "
                                                         "the least (RFC 9325, 4.5)");
  }
  if (!facts.signature_checkable) return {};
  if (facts.digest == Digest::md5 || facts.digest == Digest::sha1) {
    return refuse(words::Ending::validation_failure, "the certificate is signed with " +
                                                         std::string(word(facts.digest)) +
                                                         ", which is broken (RFC 9325, 4.5)");
  }
  if (facts.dsa_signature) {
    return may_refuse(words::Ending::validation_failure,
                      "the certificate is signed with DSA, which TLS has given up (RFC 8446, "
                      "4.2.3) and certificates may have");
  }
  return {};
}

CheckResult check_purpose(ServerPurpose purpose) {
  switch (purpose) {
    case ServerPurpose::allowed:
      break;
    case ServerPurpose::any_only:
      return may_refuse(words::Ending::certificate_wrong_purpose,
                        "the certificate is for any purpose, and a client may demand that TLS "
                        "server authentication is named (RFC 5280, 4.2.1.12)");
    case ServerPurpose::missing:
      return refuse(
          words::Ending::certificate_wrong_purpose,
          "the certificate's extended key usage does not allow TLS server authentication");
  }
  return {};
}

std::string looked_for(const Question& question, const References& references) {
  const std::string names = quoted(references.identities);
  if (!is_documented(question.model)) {
    return references.identities.empty()
               ? "the configured host is neither a host name nor an IP address"
               : "the client looks for " + names;
  }
  return references.identities.empty() ? "trust lists no host name and no IP address"
                                       : "trust lists " + names;
}

CertificateVerdict judge_names(const Question& question, const References& references,
                               Checks so_far) {
  const PresentedIdentity& presented = question.facts.presented;
  Match best = Match::no;
  for (const std::string& reference : references.identities) {
    best = std::max(best, match(reference, presented));
  }
  std::string issued = "the certificate is issued to " + presented_names(presented) + ", ";
  const std::string wanted = looked_for(question, references);
  if (best == Match::yes) return std::move(so_far).accept(issued + wanted);
  if (best == Match::debatable) {
    so_far.goes_on(may_refuse(words::Ending::certificate_host_mismatch,
                              issued + wanted +
                                  ": RFC 9525, 7.1 leaves open whether a wildcard may cover "
                                  "a whole top-level domain"));
    return std::move(so_far).accept({});
  }
  if (!presented.has_san() && !presented.common_name.empty()) {
    issued = "common name only: the certificate has no subjectAltName, and its common name " +
             quoted(presented.common_name) + " identifies no server (RFC 9525, 2), ";
  }
  so_far.goes_on(refuse(words::Ending::certificate_host_mismatch, issued + wanted));
  return std::move(so_far).refuse();
}

CheckResult check_flaw(words::TrustModel model, const Facts& facts, Bearer bearer, bool of_path,
                       bool anyone) {
  const bool own = bearer == Bearer::end_entity;
  const FlawRule* rule = rule_of(bearer, own ? facts.end_entity_flaw : facts.authority_flaw);
  if (rule == nullptr || rule->of_path != of_path) return {};
  return result_of(*rule, anyone                 ? rule->documented_any
                          : is_documented(model) ? rule->documented
                                                 : rule->pkix);
}

}  // namespace

CertificateVerdict judge_by_names(const Question& question) {
  using enum Bearer;
  const StoreEffect store = effect_of(question);
  const Facts facts = seen_with(store, question.facts);
  const bool pkix = !is_documented(question.model);
  const References references = references_of(question.model, question.host, question.trust);
  const bool needs_path = pkix && store != StoreEffect::adds_shown;
  const bool as_it_is = references.anyone || store == StoreEffect::accepts_shown;
  Checks checks;
  const auto goes_on = [&](auto... each) { return (checks.goes_on(each()) && ...); };
  const auto flaw = [&](Bearer bearer, bool of_path) {
    return [&, bearer, of_path] {
      return check_flaw(question.model, facts, bearer, of_path, as_it_is);
    };
  };

  if (!goes_on([&] { return check_handshake(facts); }, flaw(end_entity, false),
               flaw(authority, false))) {
    return std::move(checks).refuse();
  }
  if (references.anyone) {
    return std::move(checks).accept("trust is `*`: no certificate is validated");
  }
  if (store == StoreEffect::accepts_shown) {
    return judge_names(question, references, std::move(checks));
  }
  if (!goes_on([&] { return check_signature(facts); },
               [&] { return check_dates(facts.end_entity, "the certificate"); })) {
    return std::move(checks).refuse();
  }
  if (pkix &&
      !goes_on([&] { return check_dates(facts.intermediates, "an intermediate certificate"); },
               [&] { return check_anchor_dates(facts.anchor); },
               [&] { return needs_path ? check_path(facts.path) : CheckResult{}; },
               flaw(authority, true), flaw(end_entity, true),
               [&] { return check_revocation_list(facts.revocation); },
               [&] { return check_staple(facts); })) {
    return std::move(checks).refuse();
  }
  if (!needs_path && facts.path == Path::impostor) {
    checks.goes_on(may_refuse(words::Ending::validation_failure, std::string(kImpostor)));
  }
  if (!goes_on([&] { return check_strength(facts); },
               [&] { return check_purpose(facts.server_purpose); })) {
    return std::move(checks).refuse();
  }
  return judge_names(question, references, std::move(checks));
}

}  // namespace startle::oracle
