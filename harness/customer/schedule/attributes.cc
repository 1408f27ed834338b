#include "harness/customer/schedule/attributes.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "harness/customer/schedule/strange_character.h"
#include "harness/xml/complaint.h"

namespace startle::customer {
namespace {

constexpr std::array<std::string_view, 12> kSmtp{"url",
                                                 "port",
                                                 "email",
                                                 "starttls",
                                                 "ssl",
                                                 "username",
                                                 "password",
                                                 "trust",
                                                 "mechanism",
                                                 "certificate",
                                                 "certificate-password",
                                                 "checkserveridentity"};
constexpr std::array<std::string_view, 12> kLdap{
    "url",   "port", "starttls", "ssl",       "username",    "password",
    "trust", "base", "filter",   "mechanism", "certificate", "certificate-password"};

constexpr ElementRow kElements[] = {
    {.protocol = Protocol::smtp,
     .attributes = kSmtp,
     .host = "the host name of the mail server",
     .behind_host =
         "an <smtp> has no path (base=\"...\" and filter=\"...\" belong into an <ldap>)"},
    {.protocol = Protocol::ldap,
     .attributes = kLdap,
     .host = "the host name of the directory server",
     .behind_host =
         "the base of the search belongs into base=\"...\", its filter into filter=\"...\""},
};
static_assert(std::size(kElements) == words::kProtocols.size(), "a protocol has no element");

// "url="a" has U+200B (ZERO WIDTH SPACE) in it (line 2, column 12)"
std::string strange_sentence(const xml::Element& element, const char* key, std::string_view value,
                             const StrangeCharacter& strange) {
  const auto place = element.place(key, strange.nth);
  const std::string where =
      !place ? "as its character " + std::to_string(strange.nth + 1)
             : (place->line == element.line() ? "" : "line " + std::to_string(place->line) + ", ") +
                   "column " + std::to_string(place->column);
  return std::string(key) + "=" + xml::quotation(value) + " has " + strange.name + " in it (" +
         where + "): ";
}

std::string not_known(std::string_view name) {
  return " (`" + xml::one_line(name, xml::kLongestQuotation) + "` is not known)";
}

bool is_blank_or_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7f;
}

}  // namespace

const ElementRow& element_row(Protocol protocol) {
  return *std::find_if(std::begin(kElements), std::end(kElements),
                       [protocol](const ElementRow& row) { return row.protocol == protocol; });
}

Words known_attributes(Protocol protocol) {
  return element_row(protocol).attributes;
}

bool is_known(std::string_view attribute, Protocol protocol) {
  const Words known = known_attributes(protocol);
  return std::find(known.begin(), known.end(), attribute) != known.end();
}

bool is_blank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_blank_or_control);
}

bool has_white_space(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_blank_or_control) ||
         text.find("\u00a0") != std::string_view::npos;
}

std::string misspelling(const xml::Element& element, Protocol protocol, std::string_view missing) {
  for (const xml::Attribute& given : element.attributes()) {
    if (is_known(given.name, protocol)) continue;
    if (xml::likely_word(given.name, known_attributes(protocol)) != missing) continue;
    return not_known(given.name);
  }
  return "";
}

std::string required(const xml::Element& element, Protocol protocol, const char* key,
                     const std::string& meaning) {
  const auto value = element.maybe_attribute(key);
  const std::string attribute = key;
  if (!value) {
    element.fail("<" + std::string(word(protocol)) + "> needs " + attribute + "=\"...\", " +
                 meaning + misspelling(element, protocol, key));
  }
  if (is_blank(*value)) element.fail(attribute + " is empty: write " + meaning);
  return *value;
}

void refuse_strange(const xml::Element& element, const char* key, std::string_view value) {
  const auto strange = first_strange_character(value);
  // RFC 5322, 3.2.3: o'neil@example.com is an address.
  const bool is_of_addresses = strange && std::string_view(key) == "email" && strange->code < 0x80;
  if (!strange || is_of_addresses) return;
  element.fail(strange_sentence(element, key, value, *strange) +
               std::string(remedy(strange->kind)));
}

void refuse_strange_list(const xml::Element& element, const char* key, std::string_view value,
                         Mistakes& mistakes) {
  const auto strange = first_strange_character(value);
  if (!strange) return;
  if (strange->kind != Strangeness::blank) return refuse_strange(element, key, value);
  const std::string sentence =
      strange_sentence(element, key, value, *strange) +
      "names are parted by plain blanks, and Java takes this one for a part of a name";
  mistakes.push_back({element.complaint(sentence), Weight::fails});
}

void warn_of_look_alike(const xml::Element& element, const char* key, std::string_view value,
                        Mistakes& mistakes) {
  const auto letter = first_look_alike(value);
  if (!letter) return;
  const std::string sentence = strange_sentence(element, key, value, *letter) + "it looks like " +
                               letter->like + ", and " + std::string(remedy(letter->kind));
  mistakes.push_back({element.complaint(sentence), Weight::fails});
}

void warn_of_unknown(const xml::Element& element, Protocol protocol, std::string_view said,
                     Mistakes& mistakes) {
  for (const xml::Attribute& given : element.attributes()) {
    if (is_known(given.name, protocol)) continue;
    if (said.find(not_known(given.name)) != std::string_view::npos) continue;
    const std::string sentence =
        "unknown attribute `" + xml::one_line(given.name, xml::kLongestQuotation) +
        "` is ignored: " + xml::hint(given.name, known_attributes(protocol));
    const bool is_a_slip = !xml::likely_word(given.name, known_attributes(protocol)).empty();
    mistakes.push_back(
        {element.complaint(sentence), is_a_slip ? Weight::doubtful : Weight::careless});
  }
}

}  // namespace startle::customer
