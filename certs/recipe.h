#pragma once
// What a server shows, as plain data: a chain of certificates and the order they are sent in. Every
// member has a default, and the defaults make a chain that every client accepts; a recipe states
// only its flaw. The factory (certs/mint.h) is the only one that knows how GnuTLS spells them.
//
// Text of a recipe may hold placeholders, filled in when the chain is made; see fill_in().

#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/key_kind.h"
#include "harness/base/words.h"
#include "harness/oracle/facts.h"
#include "harness/words/words.h"

namespace startle::certs {

// The last two are of a Windows domain controller: RFC 4556, 3.2.4, and Microsoft's.
enum class Purpose { server_auth, client_auth, email_protection, any, kdc, smartcard_logon };
inline constexpr auto kPurposes = word_table<Purpose>({
    {Purpose::server_auth, "server-auth"},
    {Purpose::client_auth, "client-auth"},
    {Purpose::email_protection, "email-protection"},
    {Purpose::any, "any"},
    {Purpose::kdc, "kdc"},
    {Purpose::smartcard_logon, "smartcard-logon"},
});
constexpr Words words_of(Purpose) {
  return kPurposes;
}

// RFC 5280, 4.2.1.3
enum class KeyUsage {
  digital_signature,
  content_commitment,  // nonRepudiation
  key_encipherment,
  data_encipherment,
  key_agreement,
  cert_sign,
  crl_sign,
};
inline constexpr auto kKeyUsages = word_table<KeyUsage>({
    {KeyUsage::digital_signature, "digital-signature"},
    {KeyUsage::content_commitment, "content-commitment"},
    {KeyUsage::key_encipherment, "key-encipherment"},
    {KeyUsage::data_encipherment, "data-encipherment"},
    {KeyUsage::key_agreement, "key-agreement"},
    {KeyUsage::cert_sign, "cert-sign"},
    {KeyUsage::crl_sign, "crl-sign"},
});
constexpr Words words_of(KeyUsage) {
  return kKeyUsages;
}

// Kinds of subjectAltName entry (RFC 5280, 4.2.1.6); srv: SRVName (RFC 4985); other: an otherName
// of any type.
enum class NameKind { dns, ip, email, uri, srv, other };
inline constexpr auto kNameKinds = word_table<NameKind>({
    {NameKind::dns, "dns"},
    {NameKind::ip, "ip"},
    {NameKind::email, "email"},
    {NameKind::uri, "uri"},
    {NameKind::srv, "srv"},
    {NameKind::other, "other"},
});
constexpr Words words_of(NameKind) {
  return kNameKinds;
}

// What the value of an otherName is written as.
enum class OtherNameForm { octet_string, utf8_string };
inline constexpr auto kOtherNameForms = word_table<OtherNameForm>({
    {OtherNameForm::octet_string, "octet-string"},
    {OtherNameForm::utf8_string, "utf8-string"},
});
constexpr Words words_of(OtherNameForm) {
  return kOtherNameForms;
}

struct AlternativeName {
  NameKind kind = NameKind::dns;
  std::string value{};    // with placeholders; an IP address in text form
  std::size_t count = 1;  // so many; `{number}` in the value counts them from 1
  std::string oid{};      // of an otherName: its type, "1.3.6.1.4.1.311.25.1"
  OtherNameForm form = OtherNameForm::octet_string;
  bool operator==(const AlternativeName&) const = default;
};

// How a moment is written (RFC 5280, 4.1.2.5): by_rule is UTCTime until 2049.
enum class TimeType { by_rule, utc_time, generalized_time };
inline constexpr auto kTimeTypes = word_table<TimeType>({
    {TimeType::by_rule, "by-rule"},
    {TimeType::utc_time, "utc-time"},
    {TimeType::generalized_time, "generalized-time"},
});
constexpr Words words_of(TimeType) {
  return kTimeTypes;
}

// Relative to the run's clock, so that nothing ever rots. Both ends belong to it (RFC
// 5280, 4.1.2.5).
struct ValidityPeriod {
  std::chrono::seconds from = -std::chrono::days{30};
  std::chrono::seconds until = std::chrono::days{365};
  // In place of `until`: a date that is no matter of the clock, "9999-12-31T23:59:59Z"; empty:
  // none.
  std::string until_date{};
  TimeType from_type = TimeType::by_rule;
  TimeType until_type = TimeType::by_rule;
  // Of a statement about status: its time is over, or to come.
  bool is_out_of_date() const { return until.count() < 0 || from.count() > 0; }
  bool operator==(const ValidityPeriod&) const = default;
};

// What basicConstraints says.
enum class BasicConstraints { ca, end_entity, absent };
inline constexpr auto kBasicConstraints = word_table<BasicConstraints>({
    {BasicConstraints::ca, "ca"},
    {BasicConstraints::end_entity, "end-entity"},
    {BasicConstraints::absent, "absent"},
});
constexpr Words words_of(BasicConstraints) {
  return kBasicConstraints;
}

// RFC 5280, 4.2.1.10. `value`: a domain, an e-mail domain, or "192.0.2.0/24".
struct NameConstraint {
  bool permitted = true;  // or excluded
  NameKind kind = NameKind::dns;
  std::string value{};
  bool operator==(const NameConstraint&) const = default;
};

enum class Serial { digest, zero, negative, forty_octets };
inline constexpr auto kSerials = word_table<Serial>({
    {Serial::digest, "digest"},
    {Serial::zero, "zero"},
    {Serial::negative, "negative"},
    {Serial::forty_octets, "forty-octets"},
});
constexpr Words words_of(Serial) {
  return kSerials;
}

// What is done to the bytes of a certificate when it is signed, or once it is.
enum class Damage {
  none,
  broken_signature,     // one bit of the signature is flipped
  algorithms_differ,    // the signature's algorithm inside is another than outside
  truncated,            // the last 16 bytes are missing
  trailing_bytes,       // four bytes stand behind it
  not_minimal,          // the length of the whole has a leading zero
  duplicate_extension,  // its subjectAltName (an authority: its key usage) stands there twice
  wrong_authority_key,  // the authority key identifier is nobody's
  empty_names,          // its subjectAltName has no entry
};
inline constexpr auto kDamages = word_table<Damage>({
    {Damage::none, "none"},
    {Damage::broken_signature, "broken-signature"},
    {Damage::algorithms_differ, "algorithms-differ"},
    {Damage::truncated, "truncated"},
    {Damage::trailing_bytes, "trailing-bytes"},
    {Damage::not_minimal, "not-minimal"},
    {Damage::duplicate_extension, "duplicate-extension"},
    {Damage::wrong_authority_key, "wrong-authority-key"},
    {Damage::empty_names, "empty-names"},
});
constexpr Words words_of(Damage) {
  return kDamages;
}

struct UnknownExtension {
  bool critical = false;
  bool operator==(const UnknownExtension&) const = default;
};

struct CertificateRecipe {
  std::string common_name{};             // empty: the subject is empty
  std::vector<AlternativeName> names{};  // empty: no subjectAltName
  std::optional<bool> names_critical{};  // nullopt: where the subject is empty
  ValidityPeriod validity{};
  KeyKind key = KeyKind::ecdsa_p256;
  oracle::Digest digest = oracle::Digest::sha256;  // of the signature on it
  bool pss_signature = false;                      // RSASSA-PSS, where its issuer's key is RSA
  int version = 3;                                 // 1 and 2 have no extensions
  Serial serial = Serial::digest;
  std::vector<Purpose> purposes{};  // empty: no extended key usage
  bool purposes_critical = false;
  std::optional<std::vector<KeyUsage>> key_usage{};  // nullopt: what its place asks for
  BasicConstraints basic_constraints = BasicConstraints::end_entity;
  std::optional<int> path_length{};  // CA only; nullopt: no limit
  std::vector<NameConstraint> name_constraints{};
  std::optional<UnknownExtension> unknown_extension{};
  bool must_staple = false;  // TLS feature status_request (RFC 7633)
  // Microsoft's certificate template name, "DomainController"; empty: none.
  std::string template_name{};
  int timestamps = 0;  // signed certificate timestamps (RFC 6962, 3.3), of logs that nobody knows
  Damage damage = Damage::none;
  bool is_ca() const { return basic_constraints == BasicConstraints::ca; }
  bool operator==(const CertificateRecipe&) const = default;
};

// Who issued the end entity.
enum class LeafIssuer { intermediate, root, self };
inline constexpr auto kLeafIssuers = word_table<LeafIssuer>({
    {LeafIssuer::intermediate, "intermediate"},
    {LeafIssuer::root, "root"},
    {LeafIssuer::self, "self"},
});
constexpr Words words_of(LeafIssuer) {
  return kLeafIssuers;
}

// A certificate beside the chain: of somebody else, or another one of an authority of the chain.
struct ExtraCertificate {
  enum class Issuer {
    self,
    root,           // the chain's
    unknown_root,   // one that the client does not hold
    leafs_issuer,   // place 1 of the chain
    anchor_itself,  // no certificate of its own: the trust anchor of the recipes that are all right
  };
  Issuer issuer = Issuer::self;
  std::optional<std::size_t> subject_of{};  // has the subject of this place in the chain, and ..
  bool same_key = false;                    // .. its key too: a cross-certificate
  CertificateRecipe certificate{};
  bool operator==(const ExtraCertificate&) const = default;
};
inline constexpr auto kExtraIssuers = word_table<ExtraCertificate::Issuer>({
    {ExtraCertificate::Issuer::self, "self"},
    {ExtraCertificate::Issuer::root, "root"},
    {ExtraCertificate::Issuer::unknown_root, "unknown-root"},
    {ExtraCertificate::Issuer::leafs_issuer, "leafs-issuer"},
    {ExtraCertificate::Issuer::anchor_itself, "anchor-itself"},
});
constexpr Words words_of(ExtraCertificate::Issuer) {
  return kExtraIssuers;
}

// A certificate revocation list of the end entity's issuer, which the client holds.
struct RevocationListRecipe {
  bool revokes_leaf = true;
  bool by_a_stranger = false;  // signed by a key that is not the issuer's
  ValidityPeriod validity{.from = -std::chrono::days{1}, .until = std::chrono::days{7}};
  bool operator==(const RevocationListRecipe&) const = default;
};

// An OCSP response that the server staples, signed by the end entity's issuer (RFC 6960, 4.2)
// unless stated.
struct StapleRecipe {
  bool revoked = false;
  bool of_another = false;     // about another serial number
  bool by_a_stranger = false;  // signed by a key that is not the issuer's
  ValidityPeriod validity{.from = -std::chrono::days{1}, .until = std::chrono::days{7}};
  bool operator==(const StapleRecipe&) const = default;
};

// What a client of each model makes of the chain, as its clause has it: without `trust` where the
// model is Java's, else with `trust` = the host. One ending, or the legal ones.
struct ExpectedEndings {
  std::map<words::TrustModel, std::vector<words::Ending>> stated{};  // by the models that differ
  std::string why{};  // required where a model has several

  // As stated for it, or else for its base; empty: the recipe says nothing about it.
  const std::vector<words::Ending>& of(words::TrustModel model) const;
  bool operator==(const ExpectedEndings&) const = default;
};

// A library that sees the chain otherwise than the clause does.
enum class Library { gnutls, openssl, jsse };
inline constexpr auto kLibraries = word_table<Library>({
    {Library::gnutls, "gnutls"},
    {Library::openssl, "openssl"},
    {Library::jsse, "jsse"},
});
constexpr Words words_of(Library) {
  return kLibraries;
}
struct Disagreement {
  Library library = Library::openssl;
  std::string says{};  // "accepts", or the library's own word for what it finds
  std::string why{};
  bool operator==(const Disagreement&) const = default;
};

struct Recipe {
  std::string id{};
  std::string reason{};  // what is wrong, in one line
  std::string clause{};  // the rule it breaks or keeps: "RFC 5280, 4.2.1.6"
  bool root_trusted = true;
  CertificateRecipe root{};
  std::vector<CertificateRecipe> intermediates{};  // from the root's side to the end entity's
  CertificateRecipe leaf{};
  LeafIssuer leaf_issuer = LeafIssuer::intermediate;
  std::vector<ExtraCertificate> extras{};
  // Indices into the chain counted from the end entity: 0 is the leaf, 1 its issuer, .. the root;
  // behind the root the extras, in order (XML: a, b, ..). Empty: 0 .. intermediates.size(),
  // everything but the root and the extras.
  std::vector<std::size_t> sent{};
  bool tls_1_2_only = false;  // the server cannot use its key otherwise
  std::optional<RevocationListRecipe> revocation_list{};
  std::optional<StapleRecipe> staple{};
  ExpectedEndings expected{};
  std::vector<Disagreement> disagreements{};
  bool operator==(const Recipe&) const = default;
};

// Names of the default chain. A certificate authority that differs from the default has a name of
// its own, so that a client that remembers intermediates does not mistake one for the other.
inline constexpr std::string_view kRootName = "Startle Root CA";
inline constexpr std::string_view kUntrustedRootName = "Startle Untrusted Root CA";
inline constexpr std::string_view kUnknownRootName = "Startle Unknown Root CA";  // of extras
inline constexpr std::string_view kServerName = "Startle Test Server";           // matches no host
std::string intermediate_name(std::size_t number);  // 1: next to the root

inline constexpr std::size_t kMostIntermediates = 98;  // between place 0 and place 99

// The chain every client accepts, for {host}: the starting point of every recipe.
Recipe valid_recipe();

// The defaults of one certificate authority: the root, an intermediate.
CertificateRecipe default_root();
CertificateRecipe default_intermediate(std::size_t number);

// `sent`, or its default where it is empty.
std::vector<std::size_t> sent_order(const Recipe& recipe);

// Why the recipe contradicts itself, or states what oracle::Facts cannot tell the oracle; empty
// when it can be made.
std::string contradiction(const Recipe& recipe);

// The facts the oracle judges by, for a client told to reach `host`. Throws Error(Fault::input) on
// an unknown placeholder or an impossible name.
oracle::Facts facts_of(const Recipe& recipe, const std::string& host);

// Why a chain made for `host` cannot show the recipe's flaw; empty: it can. For example, dNSName
// constraints say nothing about an IP address (RFC 5280, 4.2.1.10), which has no labels either.
std::string inapplicable(const Recipe& recipe, const std::string& host);

// How far from the clock the nearest beginning or end of a validity, or of any in a recipe, is.
std::chrono::seconds edge_of(const ValidityPeriod& validity);
std::chrono::seconds nearest_edge(const Recipe& recipe);

// Why the recipe says nothing to a client that goes by a clock of its own, which is never exactly
// the run's: a validity begins or ends within a minute of it. Empty: none does.
std::string bound_to_the_clock(const Recipe& recipe);

// The certificate of an extra: with the subject of the place it names.
CertificateRecipe certificate_of(const ExtraCertificate& extra, const Recipe& recipe);

// The certificate at a place of the chain: 0 the end entity, 1 its issuer, .. the root.
const CertificateRecipe& at_place(const Recipe& recipe, std::size_t place);
// How many places the chain has; the extras' places begin here.
std::size_t chain_length(const Recipe& recipe);

// Fills in the placeholders of a recipe's text:
//   {host}              the name the client is told to reach, without a final dot, with A-labels
//   for
//                       U-labels and without the brackets of an IPv6 address
//   {HOST}              in upper case
//   {wildcard}          {host} with its first label replaced by `*`; a host of a single label or
//                       an IP address has `*.` in front, as no wildcard covers it
//   {label}             the first label of {host}
//   {label-start}       its first character
//   {parent}            {host} without its first label
//   {top-level-domain}  the last label of {host}
//   {fullwidth-host}    {host} with its letters as fullwidth forms (U+FF21.., U+FF41..), UTF-8
//   {number}            `number`
//   {hex:00ff}          these bytes
// Throws Error(Fault::input) on an unknown placeholder.
std::string fill_in(std::string_view text, std::string_view host, std::size_t number = 1);

}  // namespace startle::certs
