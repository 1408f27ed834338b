#pragma once
// UTF-8 (RFC 3629), strictly: what is cut off, longer than need be, a surrogate or beyond U+10FFFF
// is none.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace startle {

struct Utf8Character {
  char32_t code = 0;
  std::size_t octets = 1;
};

// The character that `text`, which is not empty, begins with; nullopt: it begins with none.
std::optional<Utf8Character> first_character(std::string_view text);

// Adds the character, which is no surrogate, to the end.
void add_utf_8(std::string& text, char32_t character);

}  // namespace startle
