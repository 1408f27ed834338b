#include "harness/client/certificate_check.h"

#include "harness/client/accepted_name.h"

namespace startle::client {
namespace {

using tls::Dates;
using tls::PeerChain;
using words::Ending;

using MaybeRefusal = std::optional<Refusal>;

MaybeRefusal refuse(Ending ending, std::string sentence) {
  return Refusal{.ending = ending, .sentence = std::move(sentence)};
}

MaybeRefusal check_dates(Dates dates, const PeerChain& chain) {
  switch (dates) {
    case Dates::current:
      break;
    case Dates::expired:
      return refuse(Ending::certificate_expired,
                    "the certificate has expired on " + chain.not_after());
    case Dates::not_yet_valid:
      return refuse(Ending::certificate_not_yet_valid,
                    "the certificate is not valid yet, only from " + chain.not_before());
  }
  return std::nullopt;
}

MaybeRefusal check_authority_dates(Dates dates) {
  switch (dates) {
    case Dates::current:
      break;
    case Dates::expired:
      return refuse(Ending::certificate_expired, "an issuer's certificate has expired");
    case Dates::not_yet_valid:
      return refuse(Ending::certificate_not_yet_valid, "an issuer's certificate is not valid yet");
  }
  return std::nullopt;
}

MaybeRefusal check_purpose(const PeerChain& chain) {
  if (chain.allows_server_authentication()) return std::nullopt;
  return refuse(Ending::certificate_wrong_purpose,
                "the certificate's extended key usage does not allow TLS server authentication");
}

MaybeRefusal not_trusted() {
  return refuse(Ending::certificate_not_trusted,
                "the chain does not end in a certificate authority of the trust store");
}

const char* sentence_of(tls::Rule rule) {
  switch (rule) {
    case tls::Rule::none:
      break;
    case tls::Rule::signature:
      return "the signature on an issuer in the chain is wrong";
    case tls::Rule::version:
      return "an issuer in the chain is a certificate of an old version, which cannot say that it "
             "is a certificate authority";
    case tls::Rule::ca_flag:
      return "an issuer in the chain is no certificate authority";
    case tls::Rule::key_usage:
      return "the key of an issuer in the chain may not sign certificates";
    case tls::Rule::path_length:
      return "the chain is longer than the path length of one of its issuers allows";
    case tls::Rule::name_constraints:
      return "a name lies outside the name constraints of an issuer in the chain";
    case tls::Rule::critical_extension:
      return "an issuer in the chain has a critical extension that is not known";
  }
  return "";
}

MaybeRefusal check_rules(tls::Rule broken) {
  if (broken == tls::Rule::none) return std::nullopt;
  return Refusal{
      .ending = Ending::validation_failure, .sentence = sentence_of(broken), .broken_rule = broken};
}

MaybeRefusal bad_signature() {
  return refuse(Ending::validation_failure, "the certificate's signature is wrong");
}

MaybeRefusal unreadable_issuer() {
  return refuse(Ending::validation_failure, "a certificate behind the server's cannot be read");
}

MaybeRefusal unknown_extension() {
  return Refusal{.ending = Ending::validation_failure,
                 .sentence = "the certificate has a critical extension that is not known",
                 .unknown_extension = true};
}

MaybeRefusal misused_key() {
  return refuse(Ending::validation_failure,
                "the certificate's key usage does not let its key be used in the handshake");
}

// RFC 8446, 4.4.2.4; RFC 9325, 4.5.
MaybeRefusal check_links(const tls::LinkStrength& links) {
  if (links.is_strong()) return std::nullopt;
  if (links.key_unknown) {
    return refuse(Ending::validation_failure,
                  "the key of an issuer in the chain is of a kind that is not known");
  }
  return refuse(Ending::validation_failure,
                "the key of an issuer in the chain, or the signature on one, is too weak (less "
                "than 112 bits)");
}

MaybeRefusal check_revocation(const PeerChain& chain, const Settings& settings) {
  switch (chain.revocation(settings.anchors())) {
    case tls::RevocationStatus::none:
      break;
    case tls::RevocationStatus::revoked:
      return refuse(Ending::certificate_revoked, "the certificate's issuer has revoked it");
    case tls::RevocationStatus::out_of_date:
      return refuse(Ending::validation_failure,
                    "the revocation list of the certificate's issuer is out of date");
  }
  return std::nullopt;
}

// RFC 6066, 8: an answer that does not satisfy ends the handshake.
MaybeRefusal bad_staple(std::string sentence) {
  return Refusal{.ending = Ending::validation_failure,
                 .sentence = std::move(sentence),
                 .alert = tls::Alert::bad_certificate_status_response};
}

MaybeRefusal check_staple(const PeerChain& chain, const Settings& settings) {
  const auto staple = chain.staple(settings.anchors());
  if (!staple) {
    if (!chain.demands_staple()) return std::nullopt;
    return bad_staple("the certificate demands a stapled OCSP response, and there is none");
  }
  switch (*staple) {
    case tls::StapleStatus::good:
      break;
    case tls::StapleStatus::revoked:
      return refuse(Ending::certificate_revoked,
                    "the stapled OCSP response says that the certificate is revoked");
    case tls::StapleStatus::out_of_date:
      return bad_staple("the stapled OCSP response is out of date");
    case tls::StapleStatus::of_another:
      return bad_staple("the stapled OCSP response is about another certificate");
    case tls::StapleStatus::unacceptable:
      return bad_staple("the stapled OCSP response is none that the certificate's issuer signed");
  }
  return std::nullopt;
}

std::string quoted_list(const Trust& trust) {
  std::string list;
  for (const auto* names : {&trust.names, &trust.addresses}) {
    for (const std::string& name : *names) list += (list.empty() ? "`" : ", `") + name + "`";
  }
  return list.empty() ? "no name at all" : list;
}

MaybeRefusal check_name(const PeerChain& chain, const Trust& trust) {
  if (presents_accepted_name(chain, trust)) return std::nullopt;
  return Refusal{.ending = Ending::certificate_host_mismatch,
                 .sentence = "the certificate is issued to " + chain.described_names() +
                             ", expected was " + quoted_list(trust),
                 .behind_handshake = trust.name_behind_handshake};
}

bool is_held(const PeerChain& chain, const Settings& settings) {
  return settings.host_store && settings.host_store->holds(chain);
}

// The host's key store holds the certificate, and is read as Java reads it.
bool is_taken_as_it_is(const PeerChain& chain, const Settings& settings) {
  return is_held(chain, settings) && settings.host_store->accepts_held();
}

// Where nobody above the certificate is looked at: no list, or it is an anchor itself.
tls::PathReport path_of_itself(const PeerChain& chain) {
  return {.signature_valid = chain.signature_valid().value_or(true),
          .extensions_known = !chain.has_unknown_critical_extension()};
}

tls::PathReport path_of(const PeerChain& chain, const Settings& settings, bool beginning_first) {
  if (is_held(chain, settings)) return path_of_itself(chain);
  return chain.path(settings.anchors(), beginning_first);
}

// `pkix`, between the end entity's signature and its strength.
MaybeRefusal check_chain(const PeerChain& chain, const tls::PathReport& path,
                         const Settings& settings) {
  if (auto refusal = check_authority_dates(path.authority_dates)) return refusal;
  if (!path.anchored) return not_trusted();
  if (auto refusal = check_rules(path.broken_rule)) return refusal;
  if (auto refusal = check_links(path.links)) return refusal;
  if (auto refusal = check_revocation(chain, settings)) return refusal;
  return check_staple(chain, settings);
}

// `documented` and `pkix`: encoding, extensions and signature, dates, chain, key strength, purpose,
// name.
MaybeRefusal check_by_rfc(const PeerChain& chain, const Trust& trust, const Settings& settings) {
  if (is_taken_as_it_is(chain, settings)) {
    return trust.check_name ? check_name(chain, trust) : std::nullopt;
  }
  if (trust.check_path && !chain.all_readable()) return unreadable_issuer();
  const tls::PathReport path =
      trust.check_path ? path_of(chain, settings, false) : path_of_itself(chain);
  if (!path.extensions_known) return unknown_extension();
  if (!chain.allows_key_use()) return misused_key();
  if (path.links.key_unknown) return check_links(path.links);
  if (!path.signature_valid) return bad_signature();
  if (auto refusal = check_dates(chain.dates(), chain)) return refusal;
  if (trust.check_path) {
    if (auto refusal = check_chain(chain, path, settings)) return refusal;
  }
  if (!chain.strong()) {
    return refuse(Ending::validation_failure,
                  "the certificate's key or signature is too weak (less than 112 bits)");
  }
  if (auto refusal = check_purpose(chain)) return refusal;
  return check_name(chain, trust);
}

// What JSSE's limits and Java's parser refuse, whatever is trusted.
MaybeRefusal check_java_reading(const PeerChain& chain) {
  constexpr std::size_t kMostCertificates = 10;  // jdk.tls.maxCertificateChainLength
  constexpr std::size_t kMostBytes = 32768;      // jdk.tls.maxHandshakeMessageSize
  if (chain.sent() > kMostCertificates || chain.message_bytes() > kMostBytes) {
    return refuse(Ending::handshake_failure,
                  "the server sends " + std::to_string(chain.sent()) + " certificates in " +
                      std::to_string(chain.message_bytes()) + " bytes, and Java takes " +
                      std::to_string(kMostCertificates) + " in " + std::to_string(kMostBytes));
  }
  if (!chain.all_readable()) return unreadable_issuer();
  if (chain.is_named_without_force()) {
    return refuse(Ending::validation_failure,
                  "the certificate's subject is empty and its subjectAltName not critical");
  }
  return std::nullopt;
}

// Its limits, of the end entity and of `above`, what counts besides.
MaybeRefusal check_java_algorithms(const PeerChain& chain, const tls::LinkStrength& above) {
  const auto conforms = [](unsigned rsa_bits) { return rsa_bits == 0 || rsa_bits >= 1024; };
  if (!chain.signed_with_md5() && !above.md5 && conforms(chain.rsa_bits()) &&
      conforms(above.least_rsa_bits)) {
    return std::nullopt;
  }
  return refuse(Ending::validation_failure,
                "a certificate does not conform to Java's algorithm constraints");
}

// JSSE verifies no signature of the server's under a key that has no room for it.
MaybeRefusal check_java_key_length(const PeerChain& chain) {
  constexpr unsigned kLeastBits = 528;  // of rsa_pss_rsae_sha256: RFC 8017, 9.1.1
  if (chain.rsa_bits() == 0 || chain.rsa_bits() >= kLeastBits) return std::nullopt;
  return refuse(Ending::handshake_failure, "the certificate's RSA key of " +
                                               std::to_string(chain.rsa_bits()) +
                                               " bits is too short for the server's signature");
}

MaybeRefusal check_java_path(const PeerChain& chain, const Settings& settings) {
  const tls::PathReport path = path_of(chain, settings, true);
  if (!path.anchored) return not_trusted();
  if (path.links.key_unknown) return check_links(path.links);
  if (auto refusal = check_java_algorithms(chain, path.links)) return refusal;
  if (auto refusal = check_rules(path.broken_rule)) return refusal;
  if (auto refusal = check_authority_dates(path.authority_dates)) return refusal;
  if (auto refusal = check_dates(chain.dates(true), chain)) return refusal;
  if (!path.signature_valid) return bad_signature();
  if (!path.extensions_known) return unknown_extension();
  if (!chain.allows_key_use()) return misused_key();
  return check_purpose(chain);
}

// JSSE: reading always; PKIX with algorithm constraints, dates and purpose where no list replaces
// it, else the constraints alone; the name; the list.
MaybeRefusal check_by_java(const PeerChain& chain, const Trust& trust, const Settings& settings) {
  if (auto refusal = check_java_reading(chain)) return refusal;
  if (!trust.check_path) {
    if (auto refusal = check_java_algorithms(chain, chain.strength_of_all())) return refusal;
  } else if (is_taken_as_it_is(chain, settings)) {
    if (auto refusal = check_java_key_length(chain)) return refusal;
  } else if (auto refusal = check_java_path(chain, settings)) {
    return refusal;
  }
  if (trust.check_name) {
    if (auto refusal = check_name(chain, trust)) return refusal;
  }
  if (trust.host_must_be_listed && !trust.host_is_listed) {
    return Refusal{.ending = Ending::certificate_not_trusted,
                   .sentence = "Server is not trusted: `" + settings.host +
                               "` does not stand in the trust list",
                   .behind_handshake = true};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> check_certificate(const PeerChain& chain, const Trust& trust,
                                         const Settings& settings) {
  if (trust.check_nothing) return std::nullopt;
  if (!chain.readable()) {
    return refuse(Ending::validation_failure, "the server's certificate cannot be read");
  }
  const bool java = words::is_javas(settings.trust_model);
  return java ? check_by_java(chain, trust, settings) : check_by_rfc(chain, trust, settings);
}

tls::Alert alert_for(Ending ending) {
  switch (ending) {
    case Ending::certificate_expired:
    case Ending::certificate_not_yet_valid:
      return tls::Alert::certificate_expired;  // "has expired or is not currently valid"
    case Ending::certificate_not_trusted:
      return tls::Alert::unknown_ca;
    case Ending::certificate_revoked:
      return tls::Alert::certificate_revoked;
    case Ending::certificate_wrong_purpose:
      return tls::Alert::unsupported_certificate;
    case Ending::certificate_host_mismatch:
      return tls::Alert::certificate_unknown;  // "some other issue .. rendering it unacceptable"
    case Ending::handshake_failure:
      return tls::Alert::handshake_failure;
    default:
      return tls::Alert::bad_certificate;
  }
}

}  // namespace startle::client
