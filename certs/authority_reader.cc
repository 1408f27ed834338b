#include "certs/certificate_reader.h"

#include <array>

#include "certs/element_reader.h"
#include "certs/recipe_words.h"
#include "harness/xml/complaint.h"

namespace startle::certs {
namespace {

using xml::Element;

void read_authority(const Element& element, CertificateRecipe& authority) {
  refuse_text(element);
  if (const auto name = maybe_text(element, "common-name")) authority.common_name = *name;
  authority.key = element.choice<KeyKind>("key", authority.key);
  read_validity(element, authority.validity);
}

}  // namespace

void read_root(const Element& element, Recipe& recipe) {
  constexpr std::array<std::string_view, 5> kAttributes{"trusted", "common-name", "key", "from",
                                                        "until"};
  allow(element, kAttributes, {});
  recipe.root_trusted = stated_as(element, "trusted", true);
  if (!recipe.root_trusted) recipe.root.common_name = kUntrustedRootName;
  read_authority(element, recipe.root);
}

CertificateRecipe read_intermediate(const Element& element, std::size_t number) {
  constexpr std::array<std::string_view, 6> kAttributes{"common-name", "key",  "ca",
                                                        "path-length", "from", "until"};
  constexpr std::array<std::string_view, 1> kChildren{"permitted"};
  constexpr std::array<std::string_view, 1> kPermitted{"dns"};
  allow(element, kAttributes, kChildren);
  CertificateRecipe authority = default_intermediate(number);
  read_authority(element, authority);
  authority.is_ca = stated_as(element, "ca", true);
  if (element.maybe_attribute("path-length")) {
    authority.path_length = static_cast<int>(element.number("path-length", 0, 100));
  }
  for (const Element& permitted : element.children()) {
    allow(permitted, kPermitted, {});
    refuse_text(permitted);
    const std::string domain = checked(permitted, permitted.attribute("dns"));
    if (domain.empty() || domain.front() == '.') {
      permitted.fail("dns=" + xml::quotation(domain) +
                     " is no domain: a constraint on dNSName has neither a leading dot nor nothing "
                     "(RFC 5280, 4.2.1.10)");
    }
    authority.permitted_dns.push_back(domain);
  }
  return authority;
}

}  // namespace startle::certs
