#include "cases/program/certs_differences.h"

#include <array>
#include <chrono>

#include "certs/alternative_name.h"
#include "certs/duration.h"
#include "harness/base/printable.h"

namespace startle::program {
namespace {

using certs::CertificateRecipe;
using certs::Damage;
using certs::ValidityPeriod;

// In the order of certs::Damage.
constexpr std::array<std::string_view, 9> kDamaged{
    "",
    "one bit of its signature is wrong",
    "the signature's algorithm inside is another than outside",
    "its last 16 octets are missing",
    "four octets stand behind it",
    "the length of the whole has a leading zero",
    "one of its extensions stands there twice",
    "its authority key identifier is nobody's",
    "its subjectAltName has no entry"};

// In the order of certs::NameKind.
constexpr std::array<std::string_view, 6> kNameTypes{
    "dNSName", "iPAddress", "rfc822Name", "uniformResourceIdentifier", "SRVName", "otherName"};

std::string moment(std::chrono::seconds at) {
  if (at.count() == 0) return "now";
  const std::string distance = certs::duration_text(std::chrono::abs(at));
  return at.count() < 0 ? distance + " ago" : "in " + distance;
}

std::string until_text(const ValidityPeriod& validity) {
  return validity.until_date.empty() ? moment(validity.until) : validity.until_date;
}

template <class E>
std::string words_of_all(const std::vector<E>& values) {
  std::string text;
  for (const E value : values) text += (text.empty() ? "" : ", ") + std::string(word(value));
  return text.empty() ? "none" : text;
}

void say_validity(const ValidityPeriod& given, const ValidityPeriod& usual,
                  std::vector<std::string>& said) {
  const bool ends = given.until_date.empty();
  if (ends && given.until < given.from) {
    said.push_back("its validity ends before it begins: " + validity_text(given));
  } else if (ends && given.until.count() < 0) {
    said.push_back("its validity ended " + moment(given.until));
  } else if (given.from.count() > 0) {
    said.push_back("its validity begins " + moment(given.from));
  } else if (given.from != usual.from || given.until != usual.until || !ends) {
    said.push_back("valid " + validity_text(given));
  }
  if (given.from_type != usual.from_type) {
    said.push_back("notBefore is a " + std::string(word(given.from_type)));
  }
  if (given.until_type != usual.until_type) {
    said.push_back("notAfter is a " + std::string(word(given.until_type)));
  }
}

void say_extensions(const CertificateRecipe& given, const CertificateRecipe& usual,
                    std::vector<std::string>& said) {
  if (given.purposes != usual.purposes || given.purposes_critical != usual.purposes_critical) {
    said.push_back("extended key usage: " + words_of_all(given.purposes) +
                   (given.purposes_critical ? " (critical)" : ""));
  }
  if (given.key_usage != usual.key_usage) {
    said.push_back("key usage: " + (given.key_usage ? words_of_all(*given.key_usage) : "usual"));
  }
  if (given.basic_constraints != usual.basic_constraints) {
    said.push_back("basic constraints: " + std::string(word(given.basic_constraints)));
  }
  if (given.path_length != usual.path_length && given.path_length) {
    said.push_back("path length: " + std::to_string(*given.path_length));
  }
  for (const certs::NameConstraint& one : given.name_constraints) {
    said.push_back(std::string(one.permitted ? "permitted: " : "excluded: ") +
                   std::string(kNameTypes.at(static_cast<std::size_t>(one.kind))) + " " +
                   printable(one.value));
  }
  if (given.unknown_extension) {
    said.push_back(std::string("an unknown extension, ") +
                   (given.unknown_extension->critical ? "critical" : "not critical"));
  }
  if (given.names_critical != usual.names_critical && given.names_critical) {
    said.push_back(std::string("its subjectAltName is ") +
                   (*given.names_critical ? "critical" : "not critical"));
  }
  if (given.must_staple) said.emplace_back("TLS feature: it must be stapled (RFC 7633)");
  if (!given.template_name.empty()) {
    said.push_back("certificate template (Microsoft): " + given.template_name);
  }
  if (given.timestamps > 0) {
    said.push_back("signed certificate timestamps (RFC 6962): " + std::to_string(given.timestamps));
  }
}

std::string shortened(const std::string& text) {
  constexpr std::size_t kLongest = 72;
  const std::string shown = printable(text);
  if (shown.size() <= kLongest) return shown;
  return printable(text.substr(0, kLongest - 12)) + ".. (" + std::to_string(text.size()) +
         " octets)";
}

}  // namespace

std::string validity_text(const ValidityPeriod& validity) {
  return moment(validity.from) + " .. " + until_text(validity);
}

std::vector<std::string> differences(const CertificateRecipe& given,
                                     const CertificateRecipe& usual) {
  std::vector<std::string> said;
  say_validity(given.validity, usual.validity, said);
  if (given.key != usual.key) said.push_back("its key is " + std::string(word(given.key)));
  if (given.digest != usual.digest) {
    said.push_back("signed with " + std::string(word(given.digest)));
  }
  if (given.pss_signature) said.emplace_back("signed with RSASSA-PSS");
  if (given.version != usual.version) said.push_back("version " + std::to_string(given.version));
  if (given.serial != usual.serial) {
    said.push_back("serial number: " + std::string(word(given.serial)));
  }
  say_extensions(given, usual, said);
  if (given.damage != Damage::none) {
    said.emplace_back(kDamaged.at(static_cast<std::size_t>(given.damage)));
  }
  return said;
}

std::string name_text(const certs::AlternativeName& name, const std::string& host) {
  certs::AlternativeName first = name;
  first.count = 1;
  const certs::PresentedName shown = certs::present({first}, host).front();
  const bool ip = shown.kind == certs::NameKind::ip;
  const std::string of_type = shown.kind == certs::NameKind::other ? shown.oid + " " : "";
  const std::string text = std::string(kNameTypes.at(static_cast<std::size_t>(shown.kind))) + " " +
                           of_type + shortened(ip ? certs::ip_text(shown.bytes) : shown.bytes);
  return name.count == 1 ? text : text + " .. " + std::to_string(name.count) + " of them";
}

std::string subject_text(const CertificateRecipe& certificate, const std::string& host) {
  if (certificate.common_name.empty()) return "(an empty subject)";
  return shortened(certs::fill_in(certificate.common_name, host));
}

}  // namespace startle::program
