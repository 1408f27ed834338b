#include "harness/base/shell_word.h"

#include "harness/base/bytes.h"
#include "harness/base/printable.h"

namespace startle {

std::string shell_word(std::string_view text, Quotes quotes) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
  if (quotes == Quotes::where_needed && !text.empty() &&
      text.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(text);
  }
  if (printable(text) == text) {
    std::string word = "'";
    for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
    return word + "'";
  }
  std::string word = "$'";
  for (const char c : text) {
    if (c < 0x20 || c > 0x7e) {
      word += "\\x" + to_hex({&c, 1});
    } else if (c == '\'' || c == '\\') {
      word.append(1, '\\').append(1, c);
    } else {
      word += c;
    }
  }
  return word + "'";
}

std::string shell_path(const std::filesystem::path& path, Quotes quotes) {
  const std::string& text = path.native();
  return shell_word(text.starts_with('-') ? "./" + text : text, quotes);
}

}  // namespace startle
