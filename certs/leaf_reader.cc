#include <algorithm>
#include <array>

#include "certs/alternative_name.h"
#include "certs/certificate_reader.h"
#include "certs/element_reader.h"
#include "harness/xml/complaint.h"

namespace startle::certs {
namespace {

using xml::Element;

// "1.3.6.1.4.1.311.25.1": the first number is 0, 1 or 2, below 2 the second is below 40, and none
// has more than 28 bits (X.690, 8.19).
bool is_object_identifier(const std::string& text) {
  std::vector<unsigned long> numbers(1, 0);
  bool digits = false;
  for (const char c : text) {
    if (c == '.' && digits) {
      numbers.push_back(0);
      digits = false;
      continue;
    }
    if (c < '0' || c > '9') return false;
    numbers.back() = numbers.back() * 10 + static_cast<unsigned long>(c - '0');
    digits = true;
    if (numbers.back() >= 1UL << 28) return false;
  }
  return digits && numbers.size() > 1 && numbers[0] <= 2 && (numbers[0] == 2 || numbers[1] < 40);
}

void read_other_name(const Element& element, AlternativeName& name) {
  name.oid = element.attribute("oid");
  if (!is_object_identifier(name.oid)) {
    element.fail("oid=" + xml::quotation(name.oid) +
                 " is no object identifier, such as 1.3.6.1.4.1.311.25.1");
  }
  name.form = element.choice<OtherNameForm>("form", OtherNameForm::octet_string);
}

AlternativeName read_name(const Element& element) {
  constexpr std::array<std::string_view, 3> kAttributes{"count", "oid", "form"};
  constexpr long kMost = 10'000;
  const bool other = element.name() == "other";
  allow(element, Words(kAttributes).first(other ? kAttributes.size() : 1), {});
  const std::string text = checked(element, element.text());
  if (!text.empty() && (kBlanks.find(text.front()) != std::string_view::npos ||
                        kBlanks.find(text.back()) != std::string_view::npos)) {
    element.fail("<" + element.name() + "> begins or ends with a blank; if it is meant: {hex:20}");
  }
  AlternativeName name{.kind = *from_word<NameKind>(element.name()), .value = text};
  if (other) read_other_name(element, name);
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

// Microsoft's own names are ASCII.
std::string template_of(const Element& element) {
  const std::string name = one_line_of(element, "template");
  const auto is_plain = [](char c) { return c >= ' ' && c < 0x7f; };
  if (!std::all_of(name.begin(), name.end(), is_plain)) {
    element.fail("template=" + xml::quotation(name) + " is no name of a template in ASCII");
  }
  return name;
}

}  // namespace

void read_leaf(const Element& element, Recipe& recipe) {
  constexpr std::array<std::string_view, 5> kAttributes{"issuer", "must-staple", "names-critical",
                                                        "template", "timestamps"};
  constexpr std::array<std::string_view, 7> kNames{"dns", "ip",    "email",   "uri",
                                                   "srv", "other", "no-names"};
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
  if (element.maybe_attribute("template")) leaf.template_name = template_of(element);
  if (element.maybe_attribute("timestamps")) {
    constexpr long kMost = 100;
    leaf.timestamps = static_cast<int>(element.number("timestamps", 1, kMost));
  }
}

}  // namespace startle::certs
