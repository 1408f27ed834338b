#include "certs/element_reader.h"

#include <algorithm>

#include "certs/duration.h"
#include "certs/recipe_words.h"
#include "harness/base/error.h"
#include "harness/xml/complaint.h"

namespace startle::certs {

using xml::Element;

std::size_t visible(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return kBlanks.find(c) == std::string_view::npos; }));
}

void allow(const Element& element, Words attributes, Words children) {
  element.allow_attributes(attributes);
  element.allow_children(children);
}

void refuse_text(const Element& element) {
  std::size_t inside = 0;
  for (const Element& child : element.children()) inside += visible(child.text());
  if (visible(element.text()) != inside) {
    element.fail("<" + element.name() + "> holds no text of its own");
  }
}

// Text with placeholders that can be filled in.
std::string checked(const Element& element, std::string text) {
  try {
    fill_in(text, "host.example.test");
  } catch (const Error& unfillable) {
    element.fail(unfillable.what());
  }
  return text;
}

std::optional<std::string> maybe_text(const Element& element, const char* key) {
  auto text = element.maybe_attribute(key);
  return text ? checked(element, *std::move(text)) : text;
}

std::string one_line_of(const Element& element, const char* key) {
  const std::string text = element.attribute(key);
  if (visible(text) == 0) element.fail(std::string(key) + "=\"\" says nothing");
  if (text.find_first_of("\r\n") != std::string::npos) {
    element.fail(std::string(key) + " is one line");
  }
  return text;
}

void read_times(const Element& element, ValidityPeriod& validity) {
  const auto read = [&](const char* key, std::chrono::seconds& into) {
    const auto text = element.maybe_attribute(key);
    if (!text) return;
    const auto duration = read_duration(*text);
    if (!duration) {
      element.fail(std::string(key) + "=" + xml::quotation(*text) + " is not " +
                   std::string(kDurationForm));
    }
    into = *duration;
  };
  read("from", validity.from);
  read("until", validity.until);
}

bool stated_as(const Element& element, const char* key, bool otherwise) {
  return element.choice<Boolean>(key, otherwise ? Boolean::yes : Boolean::no) == Boolean::yes;
}

std::vector<std::string> words_in(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = text.find_first_not_of(kBlanks); at != std::string::npos;) {
    const std::size_t end = text.find_first_of(kBlanks, at);
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(kBlanks, end);
  }
  return words;
}

}  // namespace startle::certs
