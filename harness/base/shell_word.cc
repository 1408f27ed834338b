#include "harness/base/shell_word.h"

#include <algorithm>

#include "harness/base/bytes.h"
#include "harness/base/printable.h"
#include "harness/base/text.h"

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

Shell shell_for(std::string_view path) {
  const bool has_drive = path.size() > 2 && is_letter(path[0]) && path[1] == ':' && path[2] == '/';
  return has_drive || path.find('\\') != std::string_view::npos ? Shell::cmd : Shell::posix;
}

std::string word_for(Shell shell, std::string_view text) {
  if (shell == Shell::posix) return shell_word(text);
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:\\./-";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(text);
  }
  std::string word = "\"";
  for (const char c : printable(text)) word += c == '"' ? "'" : std::string(1, c);
  // Behind a backslash the program that is started would take the quote for one of its own.
  const std::size_t last = word.find_last_not_of('\\');
  word.append(word.size() - last - 1, '\\');
  return word + "\"";
}

std::string path_for(Shell shell, const std::filesystem::path& path) {
  if (shell == Shell::posix) return shell_path(path);
  std::string text = path.native();
  std::replace(text.begin(), text.end(), '/', '\\');
  return word_for(shell, text.starts_with('-') ? ".\\" + text : text);
}

}  // namespace startle
