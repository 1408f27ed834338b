// Any bytes as each of the small texts that this folder reads: what is read and written again is
// the same, and nothing is written that could not be shown.

#include <algorithm>
#include <string>
#include <string_view>

#include "harness/base/bytes.h"
#include "harness/base/date.h"
#include "harness/base/error.h"
#include "harness/base/fuzz/claims.h"
#include "harness/base/placeholders.h"
#include "harness/base/printable.h"
#include "harness/base/shell_word.h"
#include "harness/base/utf_16.h"
#include "harness/base/utf_8.h"

namespace startle {
namespace {

using fuzz::must_hold;

void check_dates(std::string_view text) {
  if (const auto day = read_day(text)) must_hold(day_text(*day) == text, "a day reads as written");
  if (const auto time = read_time(text)) {
    must_hold(time_text(*time) == text, "a time reads as written");
  }
}

void check_bytes(std::string_view text) {
  if (const auto bytes = from_hex(text)) {
    must_hold(to_hex(*bytes).size() == text.size(), "hex has two digits for an octet");
  }
  must_hold(from_hex(to_hex(text)) == std::string(text), "hex reads as written");
  if (const auto bytes = from_base64(text)) {
    must_hold(to_base64(*bytes) == text, "there is one base64 of some bytes");
  }
  must_hold(from_base64(to_base64(text)) == std::string(text), "base64 reads as written");
}

bool is_utf_8(std::string_view text) {
  while (!text.empty()) {
    const auto character = first_character(text);
    if (!character) return false;
    must_hold(character->octets > 0 && character->octets <= text.size(), "a character is there");
    std::string again;
    add_utf_8(again, character->code);
    must_hold(again == text.substr(0, character->octets), "a character is written as it was");
    text.remove_prefix(character->octets);
  }
  return true;
}

void check_unicode(std::string_view text) {
  const auto utf_16 = utf_16_of_utf_8(text);
  must_hold(utf_16.has_value() == is_utf_8(text), "both readers know what UTF-8 is");
  if (utf_16) must_hold(utf_8_of_utf_16(*utf_16) == std::string(text), "UTF-16 says the same");
  if (const auto utf_8 = utf_8_of_utf_16(text)) {
    must_hold(utf_16_of_utf_8(*utf_8) == std::string(text), "UTF-8 says the same");
  }
}

void check_shown(std::string_view text) {
  const auto is_shown = [](std::string_view shown) {
    return is_utf_8(shown) && std::none_of(shown.begin(), shown.end(), [](char c) {
             return (c >= 0 && c < ' ') || c == '\x7f';
           });
  };
  must_hold(is_shown(printable(text)), "what is printable can be shown");
  must_hold(printable(printable(text)) == printable(text), "and stays as it is");
  must_hold(is_shown(shell_word(text)), "a word of a shell can be shown");
  const std::string quoted = shell_word(text, Quotes::always);
  must_hold(quoted.size() >= text.size() + 2 && quoted.back() == '\'', "it stands in quotes");
}

void check_placeholders(std::string_view text) {
  const auto value = [](std::string_view name) -> std::optional<std::string> {
    if (name == "host") return "a.test";
    return std::nullopt;
  };
  try {
    const std::string filled = fill_in(text, value, "host");
    const bool has_none = text.find_first_of("{}") == std::string_view::npos;
    must_hold(!has_none || filled == text, "text without braces stays");
  } catch (const Error& e) {
    must_hold(e.fault() == Fault::input, "a bad placeholder is a fault of the input");
    must_hold(text.find_first_of("{}") != std::string_view::npos, "braces are all that is wrong");
  }
}

}  // namespace
}  // namespace startle

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  startle::check_dates(input);
  startle::check_bytes(input);
  startle::check_unicode(input);
  startle::check_shown(input);
  startle::check_placeholders(input);
  return 0;
}
