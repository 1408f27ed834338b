#include <array>

#include "certs/alternative_name.h"
#include "certs/certificate_reader.h"
#include "certs/element_reader.h"
#include "harness/xml/complaint.h"

namespace startle::certs {
namespace {

using xml::Element;

NameConstraint read_constraint(const Element& element) {
  constexpr std::array<std::string_view, 3> kForms{"dns", "ip", "email"};
  allow(element, kForms, {});
  refuse_text(element);
  const auto attributes = element.attributes();
  if (attributes.size() != 1) {
    element.fail("<" + element.name() + "> needs one of dns, ip, email");
  }
  const std::string& kind = attributes[0].name;
  NameConstraint constraint{.permitted = element.name() == "permitted",
                            .kind = *from_word<NameKind>(kind),
                            .value = checked(element, attributes[0].value)};
  const bool literal = constraint.value.find('{') == std::string::npos;
  if (constraint.kind == NameKind::ip && literal && !ip_range_octets(constraint.value)) {
    element.fail("ip=" + xml::quotation(constraint.value) +
                 " is no range of addresses, such as 192.0.2.0/24 or 2001:db8::/32");
  }
  if (constraint.value.empty() || constraint.value == ".") {
    element.fail(kind + "=" + xml::quotation(constraint.value) + " constrains nothing");
  }
  return constraint;
}

void read_path_length(const Element& element, CertificateRecipe& authority) {
  if (!element.maybe_attribute("path-length")) return;
  authority.path_length = static_cast<int>(element.number("path-length", 0, 100));
}

CertificateRecipe read_intermediate(const Element& element, std::size_t number) {
  CertificateRecipe authority = default_intermediate(number);
  read_certificate(element, authority);
  read_path_length(element, authority);
  for (const Element& child : element.children()) {
    authority.name_constraints.push_back(read_constraint(child));
  }
  return authority;
}

}  // namespace

void read_root(const Element& element, Recipe& recipe) {
  constexpr std::array<std::string_view, 2> kAttributes{"trusted", "path-length"};
  allow_certificate(element, kAttributes, {});
  recipe.root_trusted = stated_as(element, "trusted", true);
  if (!recipe.root_trusted) recipe.root.common_name = kUntrustedRootName;
  read_certificate(element, recipe.root);
  read_path_length(element, recipe.root);
}

std::vector<CertificateRecipe> read_intermediates(const Element& element, std::size_t number) {
  constexpr std::array<std::string_view, 2> kAttributes{"path-length", "count"};
  constexpr std::array<std::string_view, 2> kChildren{"permitted", "excluded"};
  constexpr long kMost = 40;
  allow_certificate(element, kAttributes, kChildren);
  if (!element.maybe_attribute("count")) return {read_intermediate(element, number)};
  const auto count = static_cast<std::size_t>(element.number("count", 1, kMost));
  if (element.attributes().size() > 1 || !element.children().empty()) {
    element.fail("intermediates that are counted are default ones: state one that differs alone");
  }
  std::vector<CertificateRecipe> authorities;
  for (std::size_t i = 0; i < count; ++i) authorities.push_back(default_intermediate(number + i));
  return authorities;
}

ExtraCertificate read_extra(const Element& element, const Recipe& recipe, std::size_t number) {
  constexpr std::array<std::string_view, 3> kAttributes{"issuer", "subject-of", "same-key"};
  constexpr std::size_t kLetters = 26;
  allow_certificate(element, kAttributes, {});
  if (number == kLetters) element.fail("the certificates beside the chain are a to z");
  ExtraCertificate extra{
      .issuer = element.choice<ExtraCertificate::Issuer>("issuer", ExtraCertificate::Issuer::self)};
  if (extra.issuer == ExtraCertificate::Issuer::anchor_itself) {
    if (element.attributes().size() > 1) {
      element.fail(
          "issuer=\"anchor-itself\" is a certificate that there is: nothing more to state");
    }
    return extra;
  }
  if (element.maybe_attribute("subject-of")) {
    extra.subject_of = static_cast<std::size_t>(element.number("subject-of", 0, 99));
    if (element.maybe_attribute("common-name")) {
      element.fail("common-name and subject-of both name the subject");
    }
  }
  extra.same_key = stated_as(element, "same-key", false);
  extra.certificate =
      extra.subject_of == std::size_t{0} ? valid_recipe().leaf : default_intermediate(1);
  extra.certificate.names.clear();
  extra.certificate.common_name.clear();
  if (!extra.subject_of) {
    extra.certificate.common_name =
        std::string("Startle Extra CA ") + static_cast<char>('a' + number) + " of " + recipe.id;
  }
  read_certificate(element, extra.certificate);
  return extra;
}

}  // namespace startle::certs
