#include "harness/xml/complaint.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "harness/base/error.h"
#include "harness/base/utf_8.h"

namespace startle::xml {
namespace {

struct CodePoints {
  char32_t first;
  char32_t last;
};

// Control and formatting characters, and the blanks that look like others or like nothing.
constexpr std::array<CodePoints, 12> kInvisible{{{0x00, 0x1f},
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

bool is_invisible(char32_t code) {
  return std::any_of(kInvisible.begin(), kInvisible.end(), [code](const CodePoints& range) {
    return range.first <= code && code <= range.last;
  });
}

std::string escaped(const char* form, char32_t code) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), form, static_cast<unsigned>(code));
  return text.data();
}

// The first character of `text`, or its first byte where that begins none, fit to be shown; taken
// off it.
std::string take_shown(std::string_view& text) {
  const auto character = first_character(text);
  const std::string_view taken = text.substr(0, character ? character->octets : 1);
  text.remove_prefix(taken.size());
  if (!character) return escaped("\\x%02X", static_cast<unsigned char>(taken.front()));
  return is_invisible(character->code) ? escaped("&#x%X;", character->code) : std::string(taken);
}

}  // namespace

std::string one_line(std::string_view text, std::size_t limit) {
  constexpr std::string_view kCut = "...";
  std::string line;
  std::size_t last_fit = 0;  // where to cut so that kCut still fits
  while (!text.empty()) {
    line += take_shown(text);
    if (line.size() > limit) return line.substr(0, last_fit).append(kCut);
    if (line.size() + kCut.size() <= limit) last_fit = line.size();
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
