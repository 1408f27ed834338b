#pragma once
// Letters and digits of ASCII, whatever the locale: SMTP's keywords and codes know no others.

#include <algorithm>
#include <string>
#include <string_view>

namespace startle::wire {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr char upper_case(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}
constexpr bool is_alphanumeric(char c) {
  return is_digit(c) || (upper_case(c) >= 'A' && upper_case(c) <= 'Z');
}

inline std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = upper_case(c);
  return upper;
}

// An esmtp-keyword or ehlo-keyword (RFC 5321, 4.1.1.1): a letter or digit, then those and hyphens.
inline bool is_keyword(std::string_view token) {
  return !token.empty() && is_alphanumeric(token.front()) &&
         std::all_of(token.begin(), token.end(),
                     [](char c) { return is_alphanumeric(c) || c == '-'; });
}

}  // namespace startle::wire
