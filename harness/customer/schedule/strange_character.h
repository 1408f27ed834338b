#pragma once
// Characters that come along when a value is pasted from a page or a word processor: they look like
// another, or like nothing, and stand in no host name.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace startle::customer {

enum class Strangeness { invisible, blank, quotation_mark, hyphen, full_stop, look_alike, damaged };

struct StrangeCharacter {
  char32_t code = 0;
  std::string name{};  // "U+200B (ZERO WIDTH SPACE)", as Unicode has it
  Strangeness kind{};
  char like = 0;        // of a look_alike: the letter of ASCII
  std::size_t nth = 0;  // among the characters of the text, from 0
};

// The first in `text`; bytes that are not UTF-8 are passed over.
std::optional<StrangeCharacter> first_strange_character(std::string_view text);

// The first Cyrillic or Greek letter that looks like one of ASCII, in a label that has letters of
// ASCII as well: registries take no mixture of scripts (ICANN's guidelines for internationalized
// domain names).
std::optional<StrangeCharacter> first_look_alike(std::string_view text);

// What to do about one in a name: "remove it", "write a hyphen in its place".
std::string_view remedy(Strangeness kind);

}  // namespace startle::customer
