#include "certs/stated_for_test.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>
#include <utility>

#include "harness/base/bytes.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

std::string in_capitals(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& one : parts) text += (text.empty() ? "" : ", ") + one;
  return text;
}

// An element of one octet's tag (X.690, 8.1).
std::string element(unsigned char tag, const std::string& content) {
  std::string length;
  for (std::size_t rest = content.size(); rest != 0; rest >>= 8) {
    length.insert(length.begin(), static_cast<char>(rest & 0xff));
  }
  if (content.size() >= 128) length.insert(length.begin(), static_cast<char>(0x80 | length.size()));
  if (content.empty()) length = std::string(1, '\0');
  return static_cast<char>(tag) + length + content;
}

std::string address_octets(const std::string& text) {
  std::array<char, 16> octets{};
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) return {octets.data(), 4};
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) return {octets.data(), 16};
  throw Error(Fault::internal, "no IP address: " + text);
}

// A GeneralName (RFC 5280, 4.2.1.6; RFC 4985, 2).
std::string general_name(const AlternativeName& name, const std::string& value) {
  switch (name.kind) {
    case NameKind::email:
      return element(0x81, value);
    case NameKind::dns:
      return element(0x82, value);
    case NameKind::uri:
      return element(0x86, value);
    case NameKind::ip:
      return element(0x87, address_octets(value));
    case NameKind::srv: {
      constexpr std::string_view kSrvName = "\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x07";
      return element(0xa0, std::string(kSrvName) + element(0xa0, element(0x16, value)));
    }
    case NameKind::other: {  // Microsoft's: 1.3.6.1.4.1.311.25.1 and .20.2.3
      constexpr std::string_view kReplication = "\x06\x09\x2b\x06\x01\x04\x01\x82\x37\x19\x01";
      constexpr std::string_view kPrincipal = "\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x03";
      const bool text = name.form == OtherNameForm::utf8_string;
      return element(0xa0, std::string(text ? kPrincipal : kReplication) +
                               element(0xa0, element(text ? 0x0c : 0x04, value)));
    }
  }
  throw Error(Fault::internal, "a NameKind without a tag");
}

std::string alternative_names(const CertificateRecipe& recipe, const std::string& host) {
  std::string names;
  for (const AlternativeName& one : recipe.names) {
    for (std::size_t i = 1; i <= one.count; ++i) {
      names += general_name(one, fill_in(one.value, host, i));
    }
  }
  if (recipe.damage == Damage::empty_names) names.clear();
  const bool critical = recipe.names_critical.value_or(recipe.common_name.empty());
  return (critical ? "critical " : "") + in_capitals(to_hex(element(0x30, names)));
}

std::string moment(std::chrono::sys_seconds time, TimeType type) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  constexpr int kFirstYear = 1900;
  constexpr int kGeneralizedFrom = 2050;
  const bool by_rule = type == TimeType::by_rule;
  const bool utc =
      type == TimeType::utc_time || (by_rule && parts.tm_year + kFirstYear < kGeneralizedFrom);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(),
                utc ? "UTCTIME:%y%m%d%H%M%SZ" : "GENERALIZEDTIME:%Y%m%d%H%M%SZ", &parts);
  return text.data();
}

std::chrono::sys_seconds end_of(const ValidityPeriod& validity, std::chrono::sys_seconds clock) {
  if (validity.until_date.empty()) return clock + validity.until;
  std::tm parts{};
  if (strptime(validity.until_date.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) == nullptr) {
    throw Error(Fault::internal, "no date: " + validity.until_date);
  }
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts)));
}

std::string key_in_words(KeyKind kind) {
  switch (kind) {
    case KeyKind::ecdsa_p256:
      return "id-ecPublicKey (256 bit) P-256";
    case KeyKind::ecdsa_p384:
      return "id-ecPublicKey (384 bit) P-384";
    case KeyKind::ecdsa_p521:
      return "id-ecPublicKey (521 bit) P-521";
    case KeyKind::ed25519:
      return "ED25519";
    case KeyKind::ed448:
      return "ED448";
    case KeyKind::rsa_pss_2048:
      return "rsassaPss (2048 bit) 65537 (0x10001)";
    case KeyKind::rsa_exponent_3:
      return "rsaEncryption (2048 bit) 3 (0x3)";
    case KeyKind::dsa_2048:
      return "dsaEncryption (2048 bit)";
    case KeyKind::brainpool_p256:
      return "id-ecPublicKey (256 bit) brainpoolP256r1";
    default:
      return "rsaEncryption (" + std::to_string(rsa_bits(kind)) + " bit) 65537 (0x10001)";
  }
}

// Of the signature by a key of this kind.
std::string algorithm(KeyKind kind, oracle::Digest digest, bool pss) {
  const std::string name(word(digest));
  if (pss || kind == KeyKind::rsa_pss_2048) return "rsassaPss " + name + " mgf1 " + name;
  if (rsa_bits(kind) != 0) return name + "WithRSAEncryption";
  switch (kind) {
    case KeyKind::ed25519:
      return "ED25519";
    case KeyKind::ed448:
      return "ED448";
    case KeyKind::dsa_2048:
      return "dsa_with_" + in_capitals(name);
    default:
      return "ecdsa-with-" + in_capitals(name);
  }
}

std::string basic_constraints(const CertificateRecipe& recipe) {
  return std::string("critical ") + (recipe.is_ca() ? "CA:TRUE" : "CA:FALSE") +
         (recipe.path_length ? ", pathlen:" + std::to_string(*recipe.path_length) : "");
}

// Whoever issues others may sign certificates and lists, whatever else it says.
std::string key_usage(const IssuedCertificate& issued) {
  const CertificateRecipe& recipe = issued.certificate;
  std::vector<KeyUsage> uses;
  if (recipe.key_usage) {
    uses = *recipe.key_usage;
  } else if (issued.authority) {
    uses = {KeyUsage::cert_sign, KeyUsage::crl_sign};
  } else {
    uses = {KeyUsage::digital_signature};
    const bool encrypts = rsa_bits(recipe.key) != 0 && recipe.key != KeyKind::rsa_pss_2048;
    if (encrypts) uses.push_back(KeyUsage::key_encipherment);
    if (recipe.is_ca()) uses.push_back(KeyUsage::cert_sign);
  }
  std::vector<std::string> words;
  for (const auto& [use, text] : {std::pair{KeyUsage::digital_signature, "Digital Signature"},
                                  {KeyUsage::content_commitment, "Non Repudiation"},
                                  {KeyUsage::key_encipherment, "Key Encipherment"},
                                  {KeyUsage::data_encipherment, "Data Encipherment"},
                                  {KeyUsage::key_agreement, "Key Agreement"},
                                  {KeyUsage::cert_sign, "Certificate Sign"},
                                  {KeyUsage::crl_sign, "CRL Sign"}}) {
    if (std::find(uses.begin(), uses.end(), use) != uses.end()) words.emplace_back(text);
  }
  return words.empty() ? "" : "critical " + joined(words);
}

std::string purposes(const CertificateRecipe& recipe) {
  std::vector<std::string> words;
  for (const Purpose one : recipe.purposes) {
    words.emplace_back(one == Purpose::server_auth        ? "TLS Web Server Authentication"
                       : one == Purpose::client_auth      ? "TLS Web Client Authentication"
                       : one == Purpose::email_protection ? "E-mail Protection"
                       : one == Purpose::kdc              ? "Signing KDC Response"
                       : one == Purpose::smartcard_logon  ? "Microsoft Smartcard Login"
                                                          : "Any Extended Key Usage");
  }
  return (recipe.purposes_critical ? "critical " : "") + joined(words);
}

// "192.0.2.0/24" as OpenSSL prints it.
std::string address_and_mask(const std::string& prefix) {
  const std::size_t slash = prefix.find('/');
  const unsigned bits = static_cast<unsigned>(std::stoul(prefix.substr(slash + 1)));
  const std::uint32_t mask = htonl(bits == 0 ? 0 : ~std::uint32_t{0} << (32 - bits));
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, &mask, text.data(), text.size());
  return prefix.substr(0, slash) + "/" + text.data();
}

std::string name_constraints(const CertificateRecipe& recipe, const std::string& host) {
  std::string text = "critical";
  for (const bool permitted : {true, false}) {
    bool first = true;
    for (const NameConstraint& one : recipe.name_constraints) {
      if (one.permitted != permitted) continue;
      if (std::exchange(first, false)) text += permitted ? " Permitted:" : " Excluded:";
      const std::string value = fill_in(one.value, host);
      text += one.kind == NameKind::ip      ? " IP:" + address_and_mask(value)
              : one.kind == NameKind::email ? " email:" + value
                                            : " DNS:" + value;
    }
  }
  return text;
}

void add_extensions(Fields& fields, const IssuedCertificate& issued, const std::string& host) {
  const CertificateRecipe& recipe = issued.certificate;
  if (recipe.basic_constraints != BasicConstraints::absent) {
    fields["X509v3 Basic Constraints"] = basic_constraints(recipe);
  }
  if (const std::string usage = key_usage(issued); !usage.empty()) {
    fields["X509v3 Key Usage"] = usage;
  }
  if (!recipe.purposes.empty()) fields["X509v3 Extended Key Usage"] = purposes(recipe);
  if (!recipe.names.empty() || recipe.damage == Damage::empty_names) {
    fields["X509v3 Subject Alternative Name"] = alternative_names(recipe, host);
  }
  if (!recipe.name_constraints.empty()) {
    fields["X509v3 Name Constraints"] = name_constraints(recipe, host);
  }
  if (recipe.must_staple) fields["TLS Feature"] = "status_request";
  if (!recipe.template_name.empty()) {  // a BMPString
    std::string shown = "..";
    for (const char c : recipe.template_name) shown += std::string(".") + c;
    shown[1] = static_cast<char>(2 * recipe.template_name.size());  // its length
    if (shown[1] < ' ') shown[1] = '.';
    fields["1.3.6.1.4.1.311.20.2"] = shown;
  }
  if (recipe.timestamps > 0) {
    fields["CT Precertificate SCTs"] = std::to_string(recipe.timestamps) + " of version v1 (0x0)";
  }
  if (recipe.unknown_extension) {
    // A UTF8String under the enterprise number for examples (RFC 5612, 2).
    fields["1.3.6.1.4.1.32473.1"] =
        std::string(recipe.unknown_extension->critical ? "critical " : "") + "..unknown";
  }
  if (recipe.damage == Damage::duplicate_extension) {
    std::string& twice =
        fields[issued.authority ? "X509v3 Key Usage" : "X509v3 Subject Alternative Name"];
    twice += " and again: " + twice;
  }
}

std::string name(const std::string& common_name, const std::string& host) {
  const std::string text = fill_in(common_name, host);
  return text.empty() ? "" : "commonName: " + text;
}

}  // namespace

Fields stated(const IssuedCertificate& issued, const std::string& host,
              std::chrono::sys_seconds clock) {
  const CertificateRecipe& recipe = issued.certificate;
  Fields fields;
  fields["version"] = std::to_string(recipe.version);
  fields["serial"] = recipe.serial == Serial::digest         ? "positive"
                     : recipe.serial == Serial::forty_octets ? "40 octets"
                                                             : std::string(word(recipe.serial));
  fields["algorithm"] = algorithm(issued.issuer.key, recipe.digest, recipe.pss_signature);
  if (recipe.damage == Damage::algorithms_differ) fields["algorithm inside"] = "another";
  fields["issuer"] = name(issued.issuer.common_name, host);
  fields["from"] = moment(clock + recipe.validity.from, recipe.validity.from_type);
  fields["until"] = moment(end_of(recipe.validity, clock), recipe.validity.until_type);
  fields["subject"] = name(recipe.common_name, host);
  const std::string common_name = fill_in(recipe.common_name, host);
  if (std::any_of(common_name.begin(), common_name.end(),
                  [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    fields["UTF8String"] = "is none";
  }
  fields["key"] = key_in_words(recipe.key);
  if (recipe.damage == Damage::not_minimal) fields["lengths"] = "not the shortest at 0";
  if (recipe.version == 3) add_extensions(fields, issued, host);
  return fields;
}

}  // namespace startle::certs
