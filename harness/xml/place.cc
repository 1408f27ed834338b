#include "harness/xml/place.h"

#include <algorithm>
#include <string>

#include "harness/base/utf_8.h"

namespace startle::xml {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::size_t octets_of_first(std::string_view text) {
  const auto character = first_character(text);
  return character ? character->octets : 1;
}

std::size_t begin_of_line(std::string_view text, long line) {
  std::size_t at = 0;
  for (long before = 1; before < line && at != std::string_view::npos; ++before) {
    at = text.find('\n', at);
    if (at != std::string_view::npos) ++at;
  }
  return at;
}

Place place_of(std::string_view text, std::size_t offset) {
  Place place{.line = 1, .column = 1};
  for (std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0; at < offset;) {
    if (text[at] == '\n') {
      ++place.line;
      place.column = 0;
    }
    ++place.column;
    at += octets_of_first(text.substr(at));
  }
  return place;
}

// Whether what stands between the quotation marks reads `value`, as far as that is plain text; the
// offset of its nth character then.
std::optional<std::size_t> nth_of(std::string_view raw, std::string_view value, std::size_t nth) {
  std::optional<std::size_t> found;
  std::size_t at = 0;
  for (std::size_t count = 0; at < raw.size() && !value.empty(); ++count) {
    if (count == nth) found = at;
    const std::size_t of_value = octets_of_first(value);
    const std::size_t end = raw[at] == '&' ? raw.find(';', at) : at;
    if (end == std::string_view::npos) return std::nullopt;
    const std::size_t of_raw = raw[at] == '&' ? end + 1 - at : octets_of_first(raw.substr(at));
    const bool is_plain = raw[at] != '&' && !is_blank(raw[at]);  // white space is read as a blank
    if (is_plain && raw.substr(at, of_raw) != value.substr(0, of_value)) return std::nullopt;
    at += of_raw;
    value.remove_prefix(of_value);
  }
  return at == raw.size() && value.empty() ? found : std::nullopt;
}

}  // namespace

std::optional<Place> place_in(std::string_view text, long line, std::string_view key,
                              std::string_view value, std::size_t nth) {
  std::size_t at = begin_of_line(text, line);
  while (at != std::string_view::npos && (at = text.find(key, at)) != std::string_view::npos) {
    const bool begins = at > 0 && is_blank(text[at - 1]);
    at += key.size();
    std::size_t mark = at;
    while (mark < text.size() && (is_blank(text[mark]) || text[mark] == '=')) ++mark;
    if (!begins || mark == at || mark == text.size()) continue;
    if (text[mark] != '"' && text[mark] != '\'') continue;
    const std::size_t end = text.find(text[mark], mark + 1);
    if (end == std::string_view::npos) return std::nullopt;
    if (const auto offset = nth_of(text.substr(mark + 1, end - mark - 1), value, nth)) {
      return place_of(text, mark + 1 + *offset);
    }
    at = end + 1;
  }
  return std::nullopt;
}

}  // namespace startle::xml
