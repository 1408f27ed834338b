#pragma once
// What fuzz targets claim of every parser: a claim that does not hold ends the program, by which
// libFuzzer and the replay know it.

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace startle::fuzz {

inline void must_hold(bool claim, const char* name) {
  if (claim) return;
  std::fprintf(stderr, "does not hold: %s\n", name);
  std::abort();
}

// One line that a terminal can be shown, which begins with `file` and, where `located`, has a line
// number and a complaint behind it: "FILE:12: ..".
inline void must_be_complaint(std::string_view text, std::string_view file, bool located = true) {
  must_hold(text.size() > file.size() && text.substr(0, file.size()) == file, "it names the file");
  for (const char c : text) must_hold(c < 0 || (c >= ' ' && c != '\x7f'), "it can be shown");
  must_hold(text.size() < 2000, "it is a sentence, whatever the file holds");
  text.remove_prefix(file.size());
  if (!located) return;
  must_hold(text.front() == ':', "a line follows");
  text.remove_prefix(1);
  const std::size_t digits = text.find_first_not_of("0123456789");
  must_hold(digits != std::string_view::npos && digits > 0, "the line is a number");
  must_hold(text.substr(digits, 2) == ": " && text.size() > digits + 2, "a complaint follows");
}

}  // namespace startle::fuzz
