#include "harness/xml/bounds.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace startle::xml {
namespace {

// How the characters of a document lie in its bytes; a document begins with '<' or a byte order
// mark (XML 1.0, appendix F).
struct Layout {
  std::size_t width = 1;
  bool little_endian = false;
};

Layout layout_of(std::string_view content) {
  struct Row {
    std::string_view start;
    Layout layout;
  };
  using namespace std::string_view_literals;
  static constexpr std::array<Row, 8> kRows{{{"\xff\xfe\0\0"sv, {4, true}},
                                             {"\0\0\xfe\xff"sv, {4, false}},
                                             {"<\0\0\0"sv, {4, true}},
                                             {"\0\0\0<"sv, {4, false}},
                                             {"\xff\xfe"sv, {2, true}},
                                             {"\xfe\xff"sv, {2, false}},
                                             {"<\0"sv, {2, true}},
                                             {"\0<"sv, {2, false}}}};
  for (const Row& row : kRows) {
    if (content.substr(0, row.start.size()) == row.start) return row.layout;
  }
  return {};
}

std::uint32_t character_at(std::string_view content, std::size_t at, const Layout& layout) {
  std::uint32_t code = 0;
  for (std::size_t i = 0; i < layout.width; ++i) {
    const std::size_t from = layout.little_endian ? layout.width - 1 - i : i;
    code = code << 8 | static_cast<unsigned char>(content[at + from]);
  }
  return code;
}

}  // namespace

std::optional<long> line_of_overfull_tag(std::string_view content) {
  const Layout layout = layout_of(content);
  long line = 1;
  long tag_line = 1;
  int attributes = 0;
  bool tag = false;           // a start tag, and what follows it up to the next '<'
  bool tag_begins = false;    // the last character was '<'
  bool value_begins = false;  // '=' was seen, and nothing but blanks since
  for (std::size_t at = 0; at + layout.width <= content.size(); at += layout.width) {
    const std::uint32_t c = character_at(content, at, layout);
    if (tag_begins) {
      tag_begins = false;
      tag = c != '!' && c != '?' && c != '/';
    }
    switch (c) {
      case '<':  // may not stand in a value, so a tag ends before the next one
        tag_begins = true;
        value_begins = false;
        tag_line = line;
        attributes = 0;
        break;
      case '=':
        value_begins = tag;
        break;
      case '"':
      case '\'':
        if (value_begins && ++attributes > kMostAttributes) return tag_line;
        value_begins = false;
        break;
      case '\n':
        ++line;
        break;
      case ' ':
      case '\t':
      case '\r':
        break;
      default:
        value_begins = false;
    }
  }
  return std::nullopt;
}

}  // namespace startle::xml
