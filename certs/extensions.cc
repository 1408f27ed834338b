#include "certs/extensions.h"

#include "certs/alternative_name.h"
#include "certs/der.h"
#include "certs/signature.h"
#include "harness/base/bytes.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

constexpr std::string_view kSubjectKeyIdentifier = "2.5.29.14";
constexpr std::string_view kKeyUsage = "2.5.29.15";
constexpr std::string_view kSubjectAltName = "2.5.29.17";
constexpr std::string_view kBasicConstraints = "2.5.29.19";
constexpr std::string_view kNameConstraints = "2.5.29.30";
constexpr std::string_view kAuthorityKeyIdentifier = "2.5.29.35";
constexpr std::string_view kExtendedKeyUsage = "2.5.29.37";
constexpr std::string_view kTlsFeature = "1.3.6.1.5.5.7.1.24";
constexpr std::string_view kTemplateName = "1.3.6.1.4.1.311.20.2";
constexpr std::string_view kTimestamps = "1.3.6.1.4.1.11129.2.4.2";
constexpr std::string_view kUnknown = "1.3.6.1.4.1.32473.1";  // for documentation (RFC 5612)

const std::string kTrue = der::element(der::kBoolean, "\xff");

std::string_view oid(Purpose purpose) {
  switch (purpose) {
    case Purpose::server_auth:
      return "1.3.6.1.5.5.7.3.1";
    case Purpose::client_auth:
      return "1.3.6.1.5.5.7.3.2";
    case Purpose::email_protection:
      return "1.3.6.1.5.5.7.3.4";
    case Purpose::any:
      return "2.5.29.37.0";
    case Purpose::kdc:
      return "1.3.6.1.5.2.3.5";
    case Purpose::smartcard_logon:
      return "1.3.6.1.4.1.311.20.2.2";
  }
  throw Error(Fault::internal, "a Purpose without an OID");
}

unsigned bit(KeyUsage usage) {
  switch (usage) {
    case KeyUsage::digital_signature:
      return 1U << 0;
    case KeyUsage::content_commitment:
      return 1U << 1;
    case KeyUsage::key_encipherment:
      return 1U << 2;
    case KeyUsage::data_encipherment:
      return 1U << 3;
    case KeyUsage::key_agreement:
      return 1U << 4;
    case KeyUsage::cert_sign:
      return 1U << 5;
    case KeyUsage::crl_sign:
      return 1U << 6;
  }
  throw Error(Fault::internal, "a KeyUsage without a bit");
}

// Whoever signs others may sign certificates, whether or not it is a CA: the flag alone is wrong.
unsigned usage_of(const ExtensionRequest& request) {
  unsigned bits = 0;
  if (request.recipe.key_usage) {
    for (const KeyUsage one : *request.recipe.key_usage) bits |= bit(one);
    return bits;
  }
  if (request.signs_others) return bit(KeyUsage::cert_sign) | bit(KeyUsage::crl_sign);
  bits = bit(KeyUsage::digital_signature);
  const bool transports =
      rsa_bits(request.recipe.key) != 0 && request.recipe.key != KeyKind::rsa_pss_2048;
  if (transports) bits |= bit(KeyUsage::key_encipherment);
  if (request.recipe.is_ca()) bits |= bit(KeyUsage::cert_sign);
  return bits;
}

std::string names(const ExtensionRequest& request) {
  const CertificateRecipe& recipe = request.recipe;
  if (recipe.names.empty() && recipe.damage != Damage::empty_names) return {};
  // RFC 5280, 4.2.1.6
  const bool critical = recipe.names_critical.value_or(recipe.common_name.empty());
  return extension(kSubjectAltName, critical,
                   subject_alt_name(present(recipe.names, request.host)));
}

std::string basic_constraints(const CertificateRecipe& recipe) {
  if (recipe.basic_constraints == BasicConstraints::absent) return {};
  std::string content;
  if (recipe.is_ca()) content += kTrue;
  if (recipe.path_length) content += der::integer(*recipe.path_length);
  return extension(kBasicConstraints, true, der::sequence(content));
}

std::string key_usage(const ExtensionRequest& request) {
  const unsigned bits = usage_of(request);
  return bits == 0 ? std::string() : extension(kKeyUsage, true, der::named_bits(bits));
}

std::string purposes(const CertificateRecipe& recipe) {
  if (recipe.purposes.empty()) return {};
  std::string list;
  for (const Purpose purpose : recipe.purposes) list += der::object_identifier(oid(purpose));
  return extension(kExtendedKeyUsage, recipe.purposes_critical, der::sequence(list));
}

std::string name_constraints(const CertificateRecipe& recipe, const std::string& host) {
  if (recipe.name_constraints.empty()) return {};
  std::string permitted;
  std::string excluded;
  for (const NameConstraint& one : recipe.name_constraints) {
    PresentedName base{.kind = one.kind, .bytes = fill_in(one.value, host)};
    if (one.kind == NameKind::ip) {
      const auto range = ip_range_octets(base.bytes);
      if (!range) throw Error(Fault::input, "`" + base.bytes + "` is no range of IP addresses");
      base.bytes = *range;
    }
    (one.permitted ? permitted : excluded) += der::sequence(general_name(base));
  }
  std::string content;
  if (!permitted.empty()) content += der::element(0xa0, permitted);
  if (!excluded.empty()) content += der::element(0xa1, excluded);
  return extension(kNameConstraints, true, der::sequence(content));
}

std::string key_identifiers(const ExtensionRequest& request) {
  std::string issuers = key_identifier(request.issuer_key);
  if (request.recipe.damage == Damage::wrong_authority_key) {
    for (char& octet : issuers) octet = static_cast<char>(~octet);
  }
  return extension(kSubjectKeyIdentifier, false,
                   der::element(der::kOctetString, key_identifier(request.key))) +
         extension(kAuthorityKeyIdentifier, false, der::sequence(der::element(0x80, issuers)));
}

// Microsoft's, of an enterprise CA: a BMPString.
std::string template_name(const CertificateRecipe& recipe) {
  if (recipe.template_name.empty()) return {};
  std::string wide;
  for (const char c : recipe.template_name) wide += {'\0', c};
  return extension(kTemplateName, false, der::element(der::kBmpString, wide));
}

// SignedCertificateTimestampList (RFC 6962, 3.2 and 3.3): whose signatures nobody can verify.
std::string timestamps(const CertificateRecipe& recipe) {
  if (recipe.timestamps == 0) return {};
  constexpr std::size_t kLogId = 32;
  constexpr std::size_t kCoordinate = 32;
  const auto with_length = [](const std::string& bytes) {
    return big_endian(bytes.size(), 2) + bytes;
  };
  std::string list;
  for (int log = 1; log <= recipe.timestamps; ++log) {
    const auto octet = static_cast<char>(log);
    const std::string half = der::element(der::kInteger, std::string(kCoordinate, octet));
    constexpr std::uint64_t kIssued = 1'700'000'000'000;  // milliseconds
    list += with_length('\0' + std::string(kLogId, octet) + big_endian(kIssued, 8) +
                        with_length("") +          // no extensions
                        std::string("\x04\x03") +  // SHA-256, ECDSA
                        with_length(der::sequence(half + half)));
  }
  return extension(kTimestamps, false, der::element(der::kOctetString, with_length(list)));
}

}  // namespace

std::string extension(std::string_view oid, bool critical, std::string_view value) {
  return der::sequence(der::object_identifier(oid) + (critical ? kTrue : "") +
                       der::element(der::kOctetString, value));
}

std::string extensions_of(const ExtensionRequest& request) {
  const CertificateRecipe& recipe = request.recipe;
  const std::string san = names(request);
  const std::string usage = key_usage(request);
  std::string all = san + basic_constraints(recipe) + usage + purposes(recipe) +
                    name_constraints(recipe, request.host) + key_identifiers(request);
  if (recipe.must_staple) {  // status_request, 5
    all += extension(kTlsFeature, false, der::sequence(der::integer(5)));
  }
  if (recipe.unknown_extension) {
    all += extension(kUnknown, recipe.unknown_extension->critical,
                     der::element(der::kUtf8String, "unknown"));
  }
  all += template_name(recipe) + timestamps(recipe);
  if (recipe.damage == Damage::duplicate_extension) all += san.empty() ? usage : san;
  return der::sequence(all);
}

}  // namespace startle::certs
