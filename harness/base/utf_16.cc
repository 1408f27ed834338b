#include "harness/base/utf_16.h"

#include <array>
#include <cstddef>

namespace startle {
namespace {

// One character off the front of `utf_8` (RFC 3629, 4).
std::optional<char32_t> take_character(std::string_view& utf_8) {
  const auto lead = static_cast<unsigned char>(utf_8.front());
  const std::size_t octets = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                                           : 4;
  if (octets == 0 || lead > 0xf4 || utf_8.size() < octets) return std::nullopt;
  char32_t character = octets == 1 ? lead : lead & (0xff >> (octets + 1));
  for (std::size_t i = 1; i < octets; ++i) {
    const auto next = static_cast<unsigned char>(utf_8[i]);
    if ((next & 0xc0) != 0x80) return std::nullopt;
    character = character << 6 | (next & 0x3f);
  }
  constexpr std::array<char32_t, 5> kFirstOfLength{0, 0, 0x80, 0x800, 0x10000};
  if (character < kFirstOfLength[octets] || character > 0x10ffff ||
      (character >= 0xd800 && character < 0xe000)) {
    return std::nullopt;
  }
  utf_8.remove_prefix(octets);
  return character;
}

void add_unit(std::string& utf_16, char32_t unit) {
  utf_16 += static_cast<char>(unit >> 8);
  utf_16 += static_cast<char>(unit & 0xff);
}

void add_character(std::string& utf_8, char32_t character) {
  const auto add = [&](char32_t octet) { utf_8 += static_cast<char>(octet); };
  if (character < 0x80) return add(character);
  if (character < 0x800) {
    add(0xc0 | character >> 6);
  } else if (character < 0x10000) {
    add(0xe0 | character >> 12);
    add(0x80 | (character >> 6 & 0x3f));
  } else {
    add(0xf0 | character >> 18);
    add(0x80 | (character >> 12 & 0x3f));
    add(0x80 | (character >> 6 & 0x3f));
  }
  add(0x80 | (character & 0x3f));
}

}  // namespace

std::optional<std::string> utf_16_of_utf_8(std::string_view utf_8) {
  std::string utf_16;
  while (!utf_8.empty()) {
    const auto character = take_character(utf_8);
    if (!character) return std::nullopt;
    if (*character < 0x10000) {
      add_unit(utf_16, *character);
    } else {  // a surrogate pair
      add_unit(utf_16, 0xd800 + ((*character - 0x10000) >> 10));
      add_unit(utf_16, 0xdc00 + ((*character - 0x10000) & 0x3ff));
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
    add_character(utf_8, character);
  }
  return utf_8;
}

}  // namespace startle
