#include <algorithm>
#include <array>

#include "certs/alternative_name.h"
#include "certs/certificate_reader.h"
#include "certs/element_reader.h"
#include "harness/xml/complaint.h"

namespace startle::certs {
namespace {

using xml::Element;

AlternativeName read_name(const Element& element) {
  constexpr std::array<std::string_view, 1> kAttributes{"count"};
  constexpr long kMost = 10'000;
  allow(element, kAttributes, {});
  const std::string text = checked(element, element.text());
  if (!text.empty() && (kBlanks.find(text.front()) != std::string_view::npos ||
                        kBlanks.find(text.back()) != std::string_view::npos)) {
    element.fail("<" + element.name() + "> begins or ends with a blank; if it is meant: {hex:20}");
  }
  AlternativeName name{.kind = *from_word<NameKind>(element.name()), .value = text};
  if (name.kind == NameKind::ip && text.find('{') == std::string::npos && !ip_octets(text)) {
    element.fail("<ip> holds no IP address: " + xml::quotation(text));
  }
  if (element.maybe_attribute("count")) {
    name.count = static_cast<std::size_t>(element.number("count", 1, kMost));
  }
  return name;
}

void read_names(const Element& element, CertificateRecipe& leaf) {
  const std::vector<Element> children = element.children();
  if (children.empty()) return;
  leaf.names.clear();
  for (const Element& child : children) {
    if (child.name() != "no-names") {
      leaf.names.push_back(read_name(child));
      continue;
    }
    allow(child, {}, {});
    refuse_text(child);
    if (children.size() > 1) child.fail("<no-names> stands beside a name");
  }
}

}  // namespace

void read_leaf(const Element& element, Recipe& recipe) {
  constexpr std::array<std::string_view, 3> kAttributes{"issuer", "must-staple", "names-critical"};
  constexpr std::array<std::string_view, 6> kNames{"dns", "ip", "email", "uri", "srv", "no-names"};
  allow_certificate(element, kAttributes, kNames);
  CertificateRecipe& leaf = recipe.leaf;
  recipe.leaf_issuer = element.choice<LeafIssuer>("issuer", LeafIssuer::intermediate);
  read_certificate(element, leaf);
  if (leaf.damage == Damage::empty_names) leaf.names.clear();
  read_names(element, leaf);
  // A common name that is no host's, unless it repeats an alternative name: it is never the cause.
  const bool issued_to_host =
      std::find(leaf.names.begin(), leaf.names.end(),
                AlternativeName{.kind = NameKind::dns, .value = "{host}"}) != leaf.names.end();
  if (!issued_to_host && !element.maybe_attribute("common-name")) leaf.common_name = kServerName;
  if (element.maybe_attribute("names-critical")) {
    leaf.names_critical = stated_as(element, "names-critical", false);
  }
  leaf.must_staple = stated_as(element, "must-staple", false);
}

}  // namespace startle::certs
