#include <libxml/tree.h>

#include <algorithm>
#include <charconv>

#include "harness/base/text.h"
#include "harness/xml/complaint.h"
#include "harness/xml/document.h"
#include "harness/xml/listener.h"
#include "harness/xml/place.h"

namespace startle::xml {
namespace {

struct FreeXmlString {
  void operator()(xmlChar* s) const noexcept { xmlFree(s); }
};
using XmlString = std::unique_ptr<xmlChar, FreeXmlString>;

const xmlChar* xml(const char* s) {
  return reinterpret_cast<const xmlChar*>(s);
}
const char* plain(const xmlChar* s) {
  return reinterpret_cast<const char*>(s);
}

std::string content_of(const xmlNode* node) {
  const XmlString value(xmlNodeGetContent(node));
  return value ? plain(value.get()) : "";
}

// "url, port, email, .." of bounded length.
std::string listed(Words words) {
  constexpr std::size_t kEnough = 160;
  std::string list;
  for (const std::string_view w : words) {
    if (!list.empty()) list += ", ";
    if (list.size() + w.size() > kEnough) return list + "...";
    list += w;
  }
  return list;
}

std::string name_in_marks(std::string_view name) {
  return '`' + one_line(name, kLongestQuotation) + '`';
}

}  // namespace

std::string_view likely_word(std::string_view given, Words words) {
  if (const auto near = nearest(ascii_lower(given), words); !near.empty()) return near;
  return nearest(ascii_upper(given), words);  // names of mechanisms
}

std::string hint(std::string_view given, Words words) {
  const std::string_view near = likely_word(given, words);
  if (!near.empty()) return "did you mean " + name_in_marks(near) + "?";
  return "known are " + listed(words);
}

std::string Element::name() const {
  return plain(node_->name);
}

long Element::line() const {
  return line_of(node_);
}

std::optional<std::string> Element::maybe_attribute(const char* key) const {
  const XmlString value(xmlGetNoNsProp(node_, xml(key)));
  if (!value) return std::nullopt;
  return plain(value.get());
}

std::string Element::attribute(const char* key) const {
  if (auto value = maybe_attribute(key)) return *std::move(value);
  fail('<' + one_line(name(), kLongestQuotation) + "> needs " + key + "=\"...\"");
}

std::vector<Attribute> Element::attributes() const {
  std::vector<Attribute> found;
  for (const xmlAttr* a = node_->properties; a != nullptr; a = a->next) {
    std::string name = plain(a->name);
    if (a->ns != nullptr && a->ns->prefix != nullptr) {
      name = std::string(plain(a->ns->prefix)) + ':' + name;
    }
    found.push_back({std::move(name), content_of(reinterpret_cast<const xmlNode*>(a))});
  }
  return found;
}

std::optional<Place> Element::place(std::string_view key, std::size_t nth) const {
  const auto value = maybe_attribute(std::string(key).c_str());
  return value ? place_in(source_->text, line(), key, *value, nth) : std::nullopt;
}

long Element::number(const char* key, long low, long high) const {
  const std::string given = attribute(key);
  long value = 0;
  const char* end = given.data() + given.size();
  const auto [stop, error] = std::from_chars(given.data(), end, value);
  const bool digits = !given.empty() && is_digit(given.front());
  if (!digits || error != std::errc() || stop != end || value < low || value > high) {
    fail(std::string(key) + '=' + quotation(given) + " is not a number from " +
         std::to_string(low) + " to " + std::to_string(high));
  }
  return value;
}

std::string Element::text() const {
  return content_of(node_);
}

std::vector<Element> Element::children() const {
  std::vector<Element> found;
  for (const xmlNode* n = node_->children; n != nullptr; n = n->next) {
    if (n->type == XML_ELEMENT_NODE) found.push_back(Element(n, source_));
  }
  return found;
}

std::vector<Element> Element::descendants(std::string_view name) const {
  std::vector<Element> found;
  for (const xmlNode* n = node_->children; n != nullptr;) {
    if (n->type == XML_ELEMENT_NODE && name == plain(n->name)) found.push_back(Element(n, source_));
    if (n->type == XML_ELEMENT_NODE && n->children != nullptr) {
      n = n->children;
      continue;
    }
    while (n != node_ && n->next == nullptr) n = n->parent;
    if (n == node_) break;
    n = n->next;
  }
  return found;
}

void Element::allow_attributes(Words keys) const {
  for (const Attribute& given : attributes()) {
    if (std::find(keys.begin(), keys.end(), given.name) != keys.end()) continue;
    fail('<' + name() + "> has no attribute " + name_in_marks(given.name) + ": " +
         (keys.empty() ? "it has none at all" : hint(given.name, keys)));
  }
}

void Element::allow_children(Words names) const {
  for (const Element& child : children()) {
    if (std::find(names.begin(), names.end(), child.name()) != names.end()) continue;
    child.fail('<' + name() + "> holds no element " + name_in_marks(child.name()) + ": " +
               (names.empty() ? "it holds none at all" : hint(child.name(), names)));
  }
}

void Element::fail(std::string_view complaint) const {
  refuse(file(), line(), complaint);
}

std::string Element::complaint(std::string_view text) const {
  return located(file(), line(), text);
}

void Element::refuse_word(const char* key, const std::string& given, Words allowed) const {
  std::string complaint =
      std::string(key) + '=' + quotation(given) + " is not one of: " + listed(allowed);
  if (const auto near = likely_word(given, allowed); !near.empty()) {
    complaint += " (did you mean " + quotation(near) + "?)";
  }
  fail(complaint);
}

}  // namespace startle::xml
