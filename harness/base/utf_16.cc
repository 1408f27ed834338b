#include "harness/base/utf_16.h"

#include <cstddef>

#include "harness/base/utf_8.h"

namespace startle {
namespace {

void add_unit(std::string& utf_16, char32_t unit) {
  utf_16 += static_cast<char>(unit >> 8);
  utf_16 += static_cast<char>(unit & 0xff);
}

}  // namespace

std::optional<std::string> utf_16_of_utf_8(std::string_view utf_8) {
  std::string utf_16;
  while (!utf_8.empty()) {
    const auto character = first_character(utf_8);
    if (!character) return std::nullopt;
    utf_8.remove_prefix(character->octets);
    const char32_t code = character->code;
    if (code < 0x10000) {
      add_unit(utf_16, code);
    } else {  // a surrogate pair
      add_unit(utf_16, 0xd800 + ((code - 0x10000) >> 10));
      add_unit(utf_16, 0xdc00 + ((code - 0x10000) & 0x3ff));
    }
  }
  return utf_16;
}

std::optional<std::string> utf_8_of_utf_16(std::string_view utf_16) {
  if (utf_16.size() % 2 != 0) return std::nullopt;
  const auto unit_at = [&](std::size_t at) -> char32_t {
    return static_cast<unsigned char>(utf_16[at]) * 0x100U +
           static_cast<unsigned char>(utf_16[at + 1]);
  };
  std::string utf_8;
  for (std::size_t at = 0; at < utf_16.size(); at += 2) {
    char32_t character = unit_at(at);
    if (character >= 0xd800 && character < 0xe000) {
      at += 2;
      if (character >= 0xdc00 || at == utf_16.size()) return std::nullopt;
      const char32_t low = unit_at(at);
      if (low < 0xdc00 || low >= 0xe000) return std::nullopt;
      character = 0x10000 + ((character - 0xd800) << 10) + (low - 0xdc00);
    }
    add_utf_8(utf_8, character);
  }
  return utf_8;
}

}  // namespace startle
