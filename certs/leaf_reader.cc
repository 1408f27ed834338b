#include "certs/certificate_reader.h"

#include <algorithm>
#include <array>

#include "certs/alternative_name.h"
#include "certs/element_reader.h"
#include "certs/recipe_words.h"
#include "harness/xml/complaint.h"

namespace startle::certs {
namespace {

using xml::Element;

std::vector<Purpose> read_purposes(const Element& element) {
  const std::string text = element.attribute("purposes");
  std::vector<Purpose> purposes;
  if (text == kNoPurpose) return purposes;
  for (const std::string& given : words_in(text)) {
    const auto purpose = from_word<Purpose>(given);
    if (!purpose) {
      element.fail("purposes: no purpose is called " + xml::quotation(given) + ", " +
                   xml::hint(given, kPurposes));
    }
    if (std::find(purposes.begin(), purposes.end(), *purpose) != purposes.end()) {
      element.fail("purposes: " + given + " stands twice");
    }
    purposes.push_back(*purpose);
  }
  if (purposes.empty()) element.fail("purposes=\"\": for no extended key usage write \"none\"");
  return purposes;
}

AlternativeName read_name(const Element& element) {
  allow(element, {}, {});
  const std::string text = checked(element, element.text());
  if (!text.empty() && (kBlanks.find(text.front()) != std::string_view::npos ||
                        kBlanks.find(text.back()) != std::string_view::npos)) {
    element.fail("<" + element.name() + "> begins or ends with a blank; if it is meant: {hex:20}");
  }
  AlternativeName name{.kind = element.name() == "ip" ? NameKind::ip : NameKind::dns,
                       .value = text};
  if (name.kind == NameKind::ip && text.find('{') == std::string::npos && !ip_octets(text)) {
    element.fail("<ip> holds no IP address: " + xml::quotation(text));
  }
  return name;
}

void read_names(const Element& element, CertificateRecipe& leaf) {
  constexpr std::array<std::string_view, 3> kNames{"dns", "ip", "no-names"};
  element.allow_children(kNames);
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
  constexpr std::array<std::string_view, 9> kAttributes{
      "issuer", "common-name", "key", "digest", "purposes", "signature", "ca", "from", "until"};
  element.allow_attributes(kAttributes);
  refuse_text(element);
  CertificateRecipe& leaf = recipe.leaf;
  recipe.leaf_issuer = element.choice<LeafIssuer>("issuer", LeafIssuer::intermediate);
  read_names(element, leaf);
  // A common name that is no host's, unless it repeats an alternative name: it is never the cause.
  const bool issued_to_host =
      std::find(leaf.names.begin(), leaf.names.end(),
                AlternativeName{.kind = NameKind::dns, .value = "{host}"}) != leaf.names.end();
  if (!issued_to_host) leaf.common_name = kServerName;
  if (const auto name = maybe_text(element, "common-name")) leaf.common_name = *name;
  leaf.key = element.choice<KeyKind>("key", leaf.key);
  leaf.digest = element.choice<policy::Digest>("digest", leaf.digest);
  if (element.maybe_attribute("purposes")) leaf.purposes = read_purposes(element);
  leaf.break_signature =
      element.choice<Signature>("signature", Signature::valid) == Signature::broken;
  leaf.is_ca = stated_as(element, "ca", false);
  read_validity(element, leaf.validity);
}

}  // namespace startle::certs
