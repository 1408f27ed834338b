#pragma once
// What the readers of every element of a recipe share. Each throws Error(Fault::input,
// "file:line: ..") that says what would be right.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/recipe.h"
#include "harness/xml/document.h"

namespace startle::certs {

inline constexpr std::string_view kBlanks = " \t\r\n";

// Complains about any other attribute or child.
void allow(const xml::Element& element, Words attributes, Words children);

// Complains about text beside the children.
void refuse_text(const xml::Element& element);

// How many bytes of `text` are no blanks.
std::size_t visible(std::string_view text);

// `text`, if its placeholders can be filled in.
std::string checked(const xml::Element& element, std::string text);
std::optional<std::string> maybe_text(const xml::Element& element, const char* key);

// A word or more on one line; the complaint names the attribute.
std::string one_line_of(const xml::Element& element, const char* key);

// Attributes `from` and `until`, where stated.
void read_times(const xml::Element& element, ValidityPeriod& validity);

// "true" or "false".
bool stated_as(const xml::Element& element, const char* key, bool otherwise);

// Split at white space.
std::vector<std::string> words_in(const std::string& text);

}  // namespace startle::certs
