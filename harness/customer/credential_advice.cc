#include "harness/customer/credential_advice.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/customer/attributes.h"
#include "harness/customer/host_form.h"
#include "harness/customer/strange_character.h"

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

}  // namespace

bool is_cut_out(std::string_view value) {
  if (value.empty() || is_one_letter_again_and_again(value)) return true;
  const std::string_view inside = inside_brackets(value);
  if (is_one_letter_again_and_again(inside)) return true;
  const std::string lower = ascii_lower(inside);
  return std::ranges::find(kWordsInPlace, lower) != kWordsInPlace.end();
}

std::vector<std::string> credential_advice(std::string_view key, std::string_view value) {
  std::vector<std::string> sentences;
  const std::string name(key);
  if (is_blank(value)) return sentences;
  if (is_placeholder(value)) {
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
