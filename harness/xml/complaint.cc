#include "harness/xml/complaint.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "harness/base/error.h"

namespace startle::xml {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t length = 1;  // in bytes
  bool valid = false;
};

// The first character of `text`, which is not empty (RFC 3629; overlong forms are not valid).
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {lead, 1, false};
  std::uint32_t code = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {lead, 1, false};
    code = code << 6 | (byte(i) & 0x3fU);
  }
  constexpr std::array<std::uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kLeast[length] || code > 0x10ffff || surrogate) return {lead, 1, false};
  return {code, length, true};
}

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// Control and formatting characters, and the blanks that look like others or like nothing.
constexpr std::array<Range, 12> kInvisible{{{0x00, 0x1f},
                                            {0x7f, 0xa0},
                                            {0xad, 0xad},
                                            {0x61c, 0x61c},
                                            {0x180e, 0x180e},
                                            {0x2000, 0x200f},
                                            {0x2028, 0x202f},
                                            {0x205f, 0x206f},
                                            {0x3000, 0x3000},
                                            {0xfeff, 0xfeff},
                                            {0xfff9, 0xfffb},
                                            {0xe0000, 0xe007f}}};

bool is_invisible(std::uint32_t code) {
  return std::any_of(kInvisible.begin(), kInvisible.end(), [code](const Range& range) {
    return range.first <= code && code <= range.last;
  });
}

std::string escaped(const Character& character) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), character.valid ? "&#x%X;" : "\\x%02X",
                static_cast<unsigned>(character.code));
  return text.data();
}

}  // namespace

std::string one_line(std::string_view text, std::size_t limit) {
  constexpr std::string_view kCut = "...";
  std::string line;
  std::size_t last_fit = 0;  // where to cut so that kCut still fits
  while (!text.empty()) {
    const Character character = first_character(text);
    const bool plain = character.valid && !is_invisible(character.code);
    line += plain ? std::string(text.substr(0, character.length)) : escaped(character);
    if (line.size() > limit) return line.substr(0, last_fit).append(kCut);
    if (line.size() + kCut.size() <= limit) last_fit = line.size();
    text.remove_prefix(character.length);
  }
  return line;
}

std::string quotation(std::string_view value) {
  return '"' + one_line(value, kLongestQuotation) + '"';
}

std::string located(std::string_view file, long line, std::string_view complaint) {
  constexpr std::size_t kLongestPath = 4096;
  return one_line(file, kLongestPath) + ':' + std::to_string(line) + ": " + one_line(complaint);
}

void refuse(std::string_view file, long line, std::string_view complaint) {
  throw Error(Fault::input, located(file, line, complaint));
}

}  // namespace startle::xml
