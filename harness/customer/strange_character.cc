#include "harness/customer/strange_character.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

#include "harness/base/utf_8.h"

namespace startle::customer {
namespace {

struct StrangeRow {
  char32_t code;
  Strangeness kind;
  const char* name;  // of Unicode
};

using enum Strangeness;
constexpr StrangeRow kStrange[] = {
    {0x22, quotation_mark, "QUOTATION MARK"},
    {0x27, quotation_mark, "APOSTROPHE"},
    {0x60, quotation_mark, "GRAVE ACCENT"},
    {0xa0, blank, "NO-BREAK SPACE"},
    {0xab, quotation_mark, "LEFT-POINTING DOUBLE ANGLE QUOTATION MARK"},
    {0xad, invisible, "SOFT HYPHEN"},
    {0xb4, quotation_mark, "ACUTE ACCENT"},
    {0xbb, quotation_mark, "RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK"},
    {0x34f, invisible, "COMBINING GRAPHEME JOINER"},
    {0x61c, invisible, "ARABIC LETTER MARK"},
    {0x180e, invisible, "MONGOLIAN VOWEL SEPARATOR"},
    {0x2000, blank, "EN QUAD"},
    {0x2001, blank, "EM QUAD"},
    {0x2002, blank, "EN SPACE"},
    {0x2003, blank, "EM SPACE"},
    {0x2004, blank, "THREE-PER-EM SPACE"},
    {0x2005, blank, "FOUR-PER-EM SPACE"},
    {0x2006, blank, "SIX-PER-EM SPACE"},
    {0x2007, blank, "FIGURE SPACE"},
    {0x2008, blank, "PUNCTUATION SPACE"},
    {0x2009, blank, "THIN SPACE"},
    {0x200a, blank, "HAIR SPACE"},
    {0x200b, invisible, "ZERO WIDTH SPACE"},
    {0x200c, invisible, "ZERO WIDTH NON-JOINER"},
    {0x200d, invisible, "ZERO WIDTH JOINER"},
    {0x200e, invisible, "LEFT-TO-RIGHT MARK"},
    {0x200f, invisible, "RIGHT-TO-LEFT MARK"},
    {0x2010, hyphen, "HYPHEN"},
    {0x2011, hyphen, "NON-BREAKING HYPHEN"},
    {0x2012, hyphen, "FIGURE DASH"},
    {0x2013, hyphen, "EN DASH"},
    {0x2014, hyphen, "EM DASH"},
    {0x2018, quotation_mark, "LEFT SINGLE QUOTATION MARK"},
    {0x2019, quotation_mark, "RIGHT SINGLE QUOTATION MARK"},
    {0x201a, quotation_mark, "SINGLE LOW-9 QUOTATION MARK"},
    {0x201b, quotation_mark, "SINGLE HIGH-REVERSED-9 QUOTATION MARK"},
    {0x201c, quotation_mark, "LEFT DOUBLE QUOTATION MARK"},
    {0x201d, quotation_mark, "RIGHT DOUBLE QUOTATION MARK"},
    {0x201e, quotation_mark, "DOUBLE LOW-9 QUOTATION MARK"},
    {0x201f, quotation_mark, "DOUBLE HIGH-REVERSED-9 QUOTATION MARK"},
    {0x2024, full_stop, "ONE DOT LEADER"},
    {0x2028, blank, "LINE SEPARATOR"},
    {0x2029, blank, "PARAGRAPH SEPARATOR"},
    {0x202a, invisible, "LEFT-TO-RIGHT EMBEDDING"},
    {0x202b, invisible, "RIGHT-TO-LEFT EMBEDDING"},
    {0x202c, invisible, "POP DIRECTIONAL FORMATTING"},
    {0x202d, invisible, "LEFT-TO-RIGHT OVERRIDE"},
    {0x202e, invisible, "RIGHT-TO-LEFT OVERRIDE"},
    {0x202f, blank, "NARROW NO-BREAK SPACE"},
    {0x2032, quotation_mark, "PRIME"},
    {0x2033, quotation_mark, "DOUBLE PRIME"},
    {0x205f, blank, "MEDIUM MATHEMATICAL SPACE"},
    {0x2060, invisible, "WORD JOINER"},
    {0x2066, invisible, "LEFT-TO-RIGHT ISOLATE"},
    {0x2067, invisible, "RIGHT-TO-LEFT ISOLATE"},
    {0x2068, invisible, "FIRST STRONG ISOLATE"},
    {0x2069, invisible, "POP DIRECTIONAL ISOLATE"},
    {0x2212, hyphen, "MINUS SIGN"},
    {0x3000, blank, "IDEOGRAPHIC SPACE"},
    {0x3002, full_stop, "IDEOGRAPHIC FULL STOP"},
    {0xfe63, hyphen, "SMALL HYPHEN-MINUS"},
    {0xfeff, invisible, "ZERO WIDTH NO-BREAK SPACE"},
    {0xff07, quotation_mark, "FULLWIDTH APOSTROPHE"},
    {0xff02, quotation_mark, "FULLWIDTH QUOTATION MARK"},
    {0xff0d, hyphen, "FULLWIDTH HYPHEN-MINUS"},
    {0xff0e, full_stop, "FULLWIDTH FULL STOP"},
    {0xfffd, damaged, "REPLACEMENT CHARACTER"},
};

const StrangeRow* row_of(char32_t code) {
  const auto row = std::find_if(std::begin(kStrange), std::end(kStrange),
                                [code](const StrangeRow& one) { return one.code == code; });
  return row == std::end(kStrange) ? nullptr : row;
}

std::string name_of(const StrangeRow& row) {
  std::array<char, 16> code{};
  std::snprintf(code.data(), code.size(), "U+%04X", static_cast<unsigned>(row.code));
  return std::string(code.data()) + " (" + row.name + ")";
}

}  // namespace

std::optional<StrangeCharacter> first_strange_character(std::string_view text) {
  std::size_t nth = 0;
  for (std::size_t at = 0; at < text.size(); ++nth) {
    const auto character = first_character(text.substr(at));
    const StrangeRow* row = character ? row_of(character->code) : nullptr;
    if (row != nullptr) {
      return StrangeCharacter{
          .code = row->code, .name = name_of(*row), .kind = row->kind, .nth = nth};
    }
    at += character ? character->octets : 1;
  }
  return std::nullopt;
}

std::string_view remedy(Strangeness kind) {
  switch (kind) {
    case Strangeness::invisible:
    case Strangeness::blank:
    case Strangeness::quotation_mark:
      return "remove it";
    case Strangeness::hyphen:
      return "write a plain hyphen (-) in its place";
    case Strangeness::full_stop:
      return "write a plain full stop (.) in its place";
    case Strangeness::damaged:
      break;
  }
  return "the file was saved in an encoding without the character that stood there: write it anew";
}

}  // namespace startle::customer
