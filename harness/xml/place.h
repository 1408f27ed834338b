#pragma once
// Where a character of an attribute's value stands in the text of its document, which libxml2 does
// not say.

#include <cstddef>
#include <optional>
#include <string_view>

#include "harness/xml/document.h"

namespace startle::xml {

// Of the first element, on `line` or behind it, whose attribute `key` reads `value`. A character
// reference counts as one character. nullopt: there is none.
std::optional<Place> place_in(std::string_view text, long line, std::string_view key,
                              std::string_view value, std::size_t nth);

}  // namespace startle::xml
