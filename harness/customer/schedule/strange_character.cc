#include "harness/customer/schedule/strange_character.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

#include "harness/base/text.h"
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
    {0x85, blank, "NEXT LINE"},
    {0xa0, blank, "NO-BREAK SPACE"},
    {0xab, quotation_mark, "LEFT-POINTING DOUBLE ANGLE QUOTATION MARK"},
    {0xad, invisible, "SOFT HYPHEN"},
    {0xb4, quotation_mark, "ACUTE ACCENT"},
    {0xbb, quotation_mark, "RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK"},
    {0x34f, invisible, "COMBINING GRAPHEME JOINER"},
    {0x61c, invisible, "ARABIC LETTER MARK"},
    {0x115f, invisible, "HANGUL CHOSEONG FILLER"},
    {0x1160, invisible, "HANGUL JUNGSEONG FILLER"},
    {0x1680, blank, "OGHAM SPACE MARK"},
    {0x180b, invisible, "MONGOLIAN FREE VARIATION SELECTOR ONE"},
    {0x180c, invisible, "MONGOLIAN FREE VARIATION SELECTOR TWO"},
    {0x180d, invisible, "MONGOLIAN FREE VARIATION SELECTOR THREE"},
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
    {0x2061, invisible, "FUNCTION APPLICATION"},
    {0x2062, invisible, "INVISIBLE TIMES"},
    {0x2063, invisible, "INVISIBLE SEPARATOR"},
    {0x2064, invisible, "INVISIBLE PLUS"},
    {0x2066, invisible, "LEFT-TO-RIGHT ISOLATE"},
    {0x2067, invisible, "RIGHT-TO-LEFT ISOLATE"},
    {0x2068, invisible, "FIRST STRONG ISOLATE"},
    {0x2069, invisible, "POP DIRECTIONAL ISOLATE"},
    {0x2212, hyphen, "MINUS SIGN"},
    {0x2800, blank, "BRAILLE PATTERN BLANK"},
    {0x3000, blank, "IDEOGRAPHIC SPACE"},
    {0x3002, full_stop, "IDEOGRAPHIC FULL STOP"},
    {0x3164, invisible, "HANGUL FILLER"},
    {0xfe0e, invisible, "VARIATION SELECTOR-15"},
    {0xfe0f, invisible, "VARIATION SELECTOR-16"},
    {0xfe63, hyphen, "SMALL HYPHEN-MINUS"},
    {0xfeff, invisible, "ZERO WIDTH NO-BREAK SPACE"},
    {0xff02, quotation_mark, "FULLWIDTH QUOTATION MARK"},
    {0xff07, quotation_mark, "FULLWIDTH APOSTROPHE"},
    {0xff0d, hyphen, "FULLWIDTH HYPHEN-MINUS"},
    {0xff0e, full_stop, "FULLWIDTH FULL STOP"},
    {0xffa0, invisible, "HALFWIDTH HANGUL FILLER"},
    {0xfff9, invisible, "INTERLINEAR ANNOTATION ANCHOR"},
    {0xfffa, invisible, "INTERLINEAR ANNOTATION SEPARATOR"},
    {0xfffb, invisible, "INTERLINEAR ANNOTATION TERMINATOR"},
    {0xfffd, damaged, "REPLACEMENT CHARACTER"},
};

struct LookAlikeRow {
  char32_t code;
  char like;  // in most fonts
  const char* name;
};

constexpr LookAlikeRow kLookAlikes[] = {
    {0x391, 'A', "GREEK CAPITAL LETTER ALPHA"},
    {0x392, 'B', "GREEK CAPITAL LETTER BETA"},
    {0x395, 'E', "GREEK CAPITAL LETTER EPSILON"},
    {0x396, 'Z', "GREEK CAPITAL LETTER ZETA"},
    {0x397, 'H', "GREEK CAPITAL LETTER ETA"},
    {0x399, 'I', "GREEK CAPITAL LETTER IOTA"},
    {0x39a, 'K', "GREEK CAPITAL LETTER KAPPA"},
    {0x39c, 'M', "GREEK CAPITAL LETTER MU"},
    {0x39d, 'N', "GREEK CAPITAL LETTER NU"},
    {0x39f, 'O', "GREEK CAPITAL LETTER OMICRON"},
    {0x3a1, 'P', "GREEK CAPITAL LETTER RHO"},
    {0x3a4, 'T', "GREEK CAPITAL LETTER TAU"},
    {0x3a5, 'Y', "GREEK CAPITAL LETTER UPSILON"},
    {0x3a7, 'X', "GREEK CAPITAL LETTER CHI"},
    {0x3b1, 'a', "GREEK SMALL LETTER ALPHA"},
    {0x3b9, 'i', "GREEK SMALL LETTER IOTA"},
    {0x3ba, 'k', "GREEK SMALL LETTER KAPPA"},
    {0x3bd, 'v', "GREEK SMALL LETTER NU"},
    {0x3bf, 'o', "GREEK SMALL LETTER OMICRON"},
    {0x3c1, 'p', "GREEK SMALL LETTER RHO"},
    {0x3c5, 'u', "GREEK SMALL LETTER UPSILON"},
    {0x405, 'S', "CYRILLIC CAPITAL LETTER DZE"},
    {0x406, 'I', "CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I"},
    {0x410, 'A', "CYRILLIC CAPITAL LETTER A"},
    {0x412, 'B', "CYRILLIC CAPITAL LETTER VE"},
    {0x415, 'E', "CYRILLIC CAPITAL LETTER IE"},
    {0x41a, 'K', "CYRILLIC CAPITAL LETTER KA"},
    {0x41c, 'M', "CYRILLIC CAPITAL LETTER EM"},
    {0x41d, 'H', "CYRILLIC CAPITAL LETTER EN"},
    {0x41e, 'O', "CYRILLIC CAPITAL LETTER O"},
    {0x420, 'P', "CYRILLIC CAPITAL LETTER ER"},
    {0x421, 'C', "CYRILLIC CAPITAL LETTER ES"},
    {0x422, 'T', "CYRILLIC CAPITAL LETTER TE"},
    {0x425, 'X', "CYRILLIC CAPITAL LETTER HA"},
    {0x430, 'a', "CYRILLIC SMALL LETTER A"},
    {0x435, 'e', "CYRILLIC SMALL LETTER IE"},
    {0x43a, 'k', "CYRILLIC SMALL LETTER KA"},
    {0x43e, 'o', "CYRILLIC SMALL LETTER O"},
    {0x440, 'p', "CYRILLIC SMALL LETTER ER"},
    {0x441, 'c', "CYRILLIC SMALL LETTER ES"},
    {0x442, 't', "CYRILLIC SMALL LETTER TE"},
    {0x443, 'y', "CYRILLIC SMALL LETTER U"},
    {0x445, 'x', "CYRILLIC SMALL LETTER HA"},
    {0x455, 's', "CYRILLIC SMALL LETTER DZE"},
    {0x456, 'i', "CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I"},
    {0x458, 'j', "CYRILLIC SMALL LETTER JE"},
    {0x475, 'v', "CYRILLIC SMALL LETTER IZHITSA"},
    {0x4bb, 'h', "CYRILLIC SMALL LETTER SHHA"},
    {0x501, 'd', "CYRILLIC SMALL LETTER KOMI DE"},
    {0x51b, 'q', "CYRILLIC SMALL LETTER QA"},
    {0x51d, 'w', "CYRILLIC SMALL LETTER WE"},
};

const StrangeRow* row_of(char32_t code) {
  const auto row = std::find_if(std::begin(kStrange), std::end(kStrange),
                                [code](const StrangeRow& one) { return one.code == code; });
  return row == std::end(kStrange) ? nullptr : row;
}

std::string name_of(char32_t number, const char* name) {
  std::array<char, 16> code{};
  std::snprintf(code.data(), code.size(), "U+%04X", static_cast<unsigned>(number));
  return std::string(code.data()) + " (" + name + ")";
}

// That stands at `at` of `text`: what full stops and blanks part.
std::string_view label_at(std::string_view text, std::size_t at) {
  constexpr std::string_view kEnds = ". \t\r\n";
  const std::size_t before = text.find_last_of(kEnds, at);
  const std::size_t begin = before == text.npos ? 0 : before + 1;
  return text.substr(begin, text.find_first_of(kEnds, at) - begin);
}

// What `judge` makes of the first character of which it makes something, told its code and where it
// begins.
template <typename Judge>
std::optional<StrangeCharacter> first_of(std::string_view text, Judge judge) {
  std::size_t nth = 0;
  for (std::size_t at = 0; at < text.size(); ++nth) {
    const auto character = first_character(text.substr(at));
    auto found = character ? judge(character->code, at) : std::nullopt;
    if (found) {
      found->nth = nth;
      return found;
    }
    at += character ? character->octets : 1;
  }
  return std::nullopt;
}

}  // namespace

std::optional<StrangeCharacter> first_strange_character(std::string_view text) {
  return first_of(text, [](char32_t code, std::size_t) -> std::optional<StrangeCharacter> {
    const StrangeRow* row = row_of(code);
    if (row == nullptr) return std::nullopt;
    return StrangeCharacter{.code = code, .name = name_of(code, row->name), .kind = row->kind};
  });
}

std::optional<StrangeCharacter> first_look_alike(std::string_view text) {
  return first_of(text, [text](char32_t code, std::size_t at) -> std::optional<StrangeCharacter> {
    const auto* const row = std::ranges::find(kLookAlikes, code, &LookAlikeRow::code);
    if (row == std::end(kLookAlikes) || !std::ranges::any_of(label_at(text, at), is_letter)) {
      return std::nullopt;
    }
    return StrangeCharacter{
        .code = code, .name = name_of(code, row->name), .kind = look_alike, .like = row->like};
  });
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
    case Strangeness::look_alike:
      return "is another letter: type the name anew";
    case Strangeness::damaged:
      break;
  }
  return "the file was saved in an encoding without the character that stood there: write it anew";
}

}  // namespace startle::customer
