#include "certs/certificate_reader.h"

#include <algorithm>
#include <array>

#include "certs/duration.h"
#include "certs/element_reader.h"
#include "certs/recipe_words.h"
#include "harness/base/date.h"
#include "harness/xml/complaint.h"

namespace startle::certs {
namespace {

using xml::Element;

constexpr std::array<std::string_view, 17> kEveryCertificate{"common-name",
                                                             "key",
                                                             "from",
                                                             "until",
                                                             "until-date",
                                                             "from-type",
                                                             "until-type",
                                                             "digest",
                                                             "version",
                                                             "serial",
                                                             "purposes",
                                                             "purposes-critical",
                                                             "key-usage",
                                                             "damage",
                                                             "basic-constraints",
                                                             "pss-signature",
                                                             "unknown-extension"};

// A list of words, or `none`; `kind` is what one of them is called.
template <Worded E>
std::vector<E> read_list(const Element& element, const char* key, std::string_view kind,
                         std::string_view nothing) {
  const std::string text = element.attribute(key);
  const std::string name(key);
  std::vector<E> list;
  if (text == kNone) return list;
  for (const std::string& given : words_in(text)) {
    const auto one = from_word<E>(given);
    if (!one) {
      element.fail(name + ": no " + std::string(kind) + " is called " + xml::quotation(given) +
                   ", " + xml::hint(given, words_of(E{})));
    }
    if (std::find(list.begin(), list.end(), *one) != list.end()) {
      element.fail(name + ": " + given + " stands twice");
    }
    list.push_back(*one);
  }
  if (list.empty()) {
    element.fail(name + "=\"\": for no " + std::string(nothing) + " write \"none\"");
  }
  return list;
}

void read_validity(const Element& element, ValidityPeriod& validity) {
  read_times(element, validity);
  validity.from_type = element.choice<TimeType>("from-type", validity.from_type);
  validity.until_type = element.choice<TimeType>("until-type", validity.until_type);
  const auto date = element.maybe_attribute("until-date");
  if (!date) return;
  if (element.maybe_attribute("until")) element.fail("until-date stands in the place of until");
  if (!read_time(*date)) {
    element.fail("until-date=" + xml::quotation(*date) +
                 " is no moment of the calendar, such as 9999-12-31T23:59:59Z");
  }
  validity.until_date = *date;
}

}  // namespace

void allow_certificate(const Element& element, Words attributes, Words children) {
  std::vector<std::string_view> all(attributes.begin(), attributes.end());
  all.insert(all.end(), kEveryCertificate.begin(), kEveryCertificate.end());
  allow(element, all, children);
  refuse_text(element);
}

void read_certificate(const Element& element, CertificateRecipe& certificate) {
  if (const auto name = maybe_text(element, "common-name")) certificate.common_name = *name;
  read_validity(element, certificate.validity);
  certificate.key = element.choice<KeyKind>("key", certificate.key);
  certificate.digest = element.choice<oracle::Digest>("digest", certificate.digest);
  certificate.pss_signature = stated_as(element, "pss-signature", certificate.pss_signature);
  const auto version = element.choice<CertificateVersion>("version", CertificateVersion::v3);
  certificate.version = static_cast<int>(version) + 1;
  if (certificate.version != 3) {  // it has no extensions: nothing by default
    certificate.basic_constraints = BasicConstraints::absent;
    certificate.purposes.clear();
    certificate.names.clear();
  }
  certificate.serial = element.choice<Serial>("serial", certificate.serial);
  if (element.maybe_attribute("purposes")) {
    certificate.purposes = read_list<Purpose>(element, "purposes", "purpose", "extended key usage");
  }
  certificate.purposes_critical =
      stated_as(element, "purposes-critical", certificate.purposes_critical);
  if (element.maybe_attribute("key-usage")) {
    certificate.key_usage = read_list<KeyUsage>(element, "key-usage", "key usage", "key usage");
  }
  certificate.basic_constraints =
      element.choice<BasicConstraints>("basic-constraints", certificate.basic_constraints);
  if (element.maybe_attribute("unknown-extension")) {
    certificate.unknown_extension = UnknownExtension{
        .critical = element.choice<Criticality>("unknown-extension") == Criticality::critical};
  }
  certificate.damage = element.choice<Damage>("damage", certificate.damage);
}

}  // namespace startle::certs
