#include "harness/customer/schedule/credential_advice.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/base/utf_8.h"
#include "harness/customer/schedule/attributes.h"
#include "harness/customer/schedule/placeholder.h"
#include "harness/customer/schedule/strange_character.h"

namespace startle::customer {
namespace {

constexpr std::array<std::string_view, 9> kWordsInPlace{"redacted", "removed",    "hidden",
                                                        "masked",   "deleted",    "censored",
                                                        "omitted",  "anonymized", "anonymised"};

// As tools mark what they have encrypted: Jasypt, Spring Cloud, Maven, WebSphere, Tomcat's vaults.
constexpr std::array<std::string_view, 9> kEncrypted{
    "ENC(", "{cipher}", "{enc}", "{aes}", "{xor}", "{crypt}", "CRYPT:", "OBF:", "VAULT::"};

std::string_view inside_brackets(std::string_view value) {
  constexpr std::string_view kOpen = "[(<{";
  constexpr std::string_view kClose = "])>}";
  const std::size_t which = value.empty() ? kOpen.npos : kOpen.find(value.front());
  if (which == kOpen.npos || value.size() < 2 || value.back() != kClose[which]) return value;
  return value.substr(1, value.size() - 2);
}

bool is_one_letter_again_and_again(std::string_view value) {
  constexpr std::size_t kFewest = 3;
  return value.size() >= kFewest &&
         std::string_view("*xX.-_#?").find(value.front()) != std::string_view::npos &&
         value.find_first_not_of(value.front()) == std::string_view::npos;
}

// Bullets, blocks and ellipses, as forms and viewers show a password.
bool is_all_marks(std::string_view value) {
  constexpr std::u32string_view kMarks = U"\u2022\u25cf\u2026\u2588\u2587\u25a0\u00b7\u2217*";
  while (!value.empty()) {
    const auto character = first_character(value);
    if (!character || kMarks.find(character->code) == kMarks.npos) return false;
    value.remove_prefix(character->octets);
  }
  return true;
}

// "***REMOVED***", "[ removed for security ]": the words in the midst of it.
std::string_view without_ornament(std::string_view value) {
  constexpr std::string_view kOrnament = "*-_#=.~! []()<>{}";
  const std::size_t begin = value.find_first_not_of(kOrnament);
  if (begin == value.npos) return {};
  return value.substr(begin, value.find_last_not_of(kOrnament) + 1 - begin);
}

}  // namespace

bool is_cut_out(std::string_view value) {
  if (is_all_marks(value) || is_one_letter_again_and_again(value)) return true;
  if (is_one_letter_again_and_again(inside_brackets(value))) return true;
  const std::string words = ascii_lower(without_ornament(value));
  const std::string first = words.substr(0, words.find(' '));
  const std::string last = words.substr(words.rfind(' ') + 1);
  return std::ranges::any_of(kWordsInPlace, [&](std::string_view one) {
    return first == one || last == one;  // "password removed", "removed for security"
  });
}

std::vector<std::string> credential_advice(std::string_view key, std::string_view value) {
  std::vector<std::string> sentences;
  const std::string name(key);
  if (is_blank(value)) return sentences;
  if (is_placeholder(value) || is_stand_in(value)) {
    sentences.push_back(name + " looks like a placeholder that was not filled in");
  }
  const auto encrypted = std::ranges::find_if(kEncrypted, [value](std::string_view mark) {
    return value.size() > mark.size() && equal_ignoring_case(value.substr(0, mark.size()), mark);
  });
  if (encrypted != kEncrypted.end()) {
    sentences.push_back(name + " looks encrypted (it begins with " + std::string(*encrypted) +
                        "): what does not decrypt it sends it as it stands");
  }
  const bool begins = is_blank(value.substr(0, 1));
  if (begins || is_blank(value.substr(value.size() - 1))) {
    sentences.push_back(name + (begins ? " begins" : " ends") +
                        " with a blank, and it is sent with it: remove it, if it is none of its "
                        "own");
  }
  const auto strange = first_strange_character(value);
  constexpr char32_t kLastOfAscii = 0x7f;
  if (strange && strange->code > kLastOfAscii) {
    sentences.push_back(name + " has " + strange->name + " in it, as its character " +
                        std::to_string(strange->nth + 1) +
                        ": type it anew, if that came along with a copy");
  }
  return sentences;
}

}  // namespace startle::customer
