#include "harness/xml/encoding.h"

#include <algorithm>
#include <array>
#include <optional>

#include "harness/base/text.h"
#include "harness/base/utf_16.h"
#include "harness/base/utf_8.h"
#include "harness/xml/complaint.h"

namespace startle::xml {
namespace {

constexpr std::string_view kMarkOfUtf8 = "\xef\xbb\xbf";

enum class Saved { in_octets, utf_16_little, utf_16_big, utf_32 };

struct Form {
  Saved saved = Saved::in_octets;
  bool has_mark = false;  // a byte order mark
};

Form form_of(std::string_view content) {
  using namespace std::string_view_literals;
  const auto begins = [content](std::string_view with) { return content.starts_with(with); };
  if (begins("\xff\xfe\0\0"sv) || begins("\0\0\xfe\xff"sv)) return {Saved::utf_32, true};
  if (begins("<\0\0\0"sv) || begins("\0\0\0<"sv)) return {Saved::utf_32, false};
  if (begins("\xff\xfe"sv)) return {Saved::utf_16_little, true};
  if (begins("\xfe\xff"sv)) return {Saved::utf_16_big, true};
  if (begins("<\0"sv)) return {Saved::utf_16_little, false};
  if (begins("\0<"sv)) return {Saved::utf_16_big, false};
  return {Saved::in_octets, begins(kMarkOfUtf8)};
}

// In network byte order.
std::string swapped(std::string_view utf_16) {
  std::string other(utf_16.substr(0, utf_16.size() / 2 * 2));
  for (std::size_t i = 0; i + 1 < other.size(); i += 2) std::swap(other[i], other[i + 1]);
  return other;
}

std::string from_utf_16(std::string_view content, Form form) {
  if (form.has_mark) content.remove_prefix(2);
  const bool little = form.saved == Saved::utf_16_little;
  return utf_8_of_utf_16(little ? swapped(content) : std::string(content)).value_or("");
}

// The encoding that the declaration states; empty: none.
std::string stated_in(std::string_view text) {
  if (text.starts_with(kMarkOfUtf8)) text.remove_prefix(kMarkOfUtf8.size());
  constexpr std::string_view kEncoding = "encoding";
  if (!text.starts_with("<?xml")) return "";
  const std::string_view declaration = text.substr(0, text.find("?>"));
  const std::size_t at = declaration.find(kEncoding);
  if (at == std::string_view::npos) return "";
  const std::size_t mark = declaration.find_first_of("\"'", at);
  if (mark == std::string_view::npos) return "";
  const std::size_t end = declaration.find(declaration[mark], mark + 1);
  if (end == std::string_view::npos) return "";
  return std::string(declaration.substr(mark + 1, end - mark - 1));
}

bool is_of_two_octets(std::string_view stated) {
  constexpr std::array<std::string_view, 6> kNames{"utf-16",   "utf16",           "utf-16le",
                                                   "utf-16be", "iso-10646-ucs-2", "ucs-2"};
  return std::ranges::find(kNames, ascii_lower(stated)) != kNames.end();
}
bool is_of_one_octet(std::string_view stated) {
  constexpr std::array<std::string_view, 7> kBegins{"iso-8859-", "iso8859",  "windows-125", "cp125",
                                                    "latin",     "us-ascii", "ascii"};
  const std::string lower = ascii_lower(stated);
  return std::ranges::any_of(kBegins,
                             [&lower](std::string_view begin) { return lower.starts_with(begin); });
}
bool is_of_four_octets(std::string_view stated) {
  const std::string lower = ascii_lower(stated);
  return lower.starts_with("utf-32") || lower.starts_with("utf32") || lower == "ucs-4" ||
         lower == "iso-10646-ucs-4";
}

// Whether Java reads a file saved so as what it states.
bool fits(Form form, std::string_view stated) {
  const std::string lower = ascii_lower(stated);
  if (form.saved == Saved::in_octets)
    return !is_of_two_octets(stated) && !is_of_four_octets(stated);
  if (lower.empty()) return form.has_mark;
  if (lower == "utf-16" || lower == "iso-10646-ucs-2") return true;
  return lower == (form.saved == Saved::utf_16_little ? "utf-16le" : "utf-16be");
}

constexpr std::string_view kSaveAnew = "save it as UTF-8, and let the first line say so";

}  // namespace

std::string why_unreadable(std::string_view content) {
  const Form form = form_of(content);
  if (form.saved == Saved::utf_32) {
    return "the file is saved as UTF-32, which Java's parser does not read: " +
           std::string(kSaveAnew);
  }
  const bool wide = form.saved != Saved::in_octets;
  const std::string text = wide ? from_utf_16(content, form) : std::string(content.substr(0, 1024));
  if (wide && text.empty()) return "";  // what is wrong with it is told with its place
  const std::string_view behind_mark =
      std::string_view(text).substr(!wide && form.has_mark ? kMarkOfUtf8.size() : 0);
  if (behind_mark.starts_with(kMarkOfUtf8)) {
    return "the file has two byte order marks: Java's parser takes the second for text before the "
           "document (\"Content is not allowed in prolog\"): remove one";
  }
  const std::string stated = stated_in(text);
  if (fits(form, stated)) return "";
  const std::string saved =
      wide ? "the file is saved as UTF-16" : "the file is not saved as UTF-16";
  if (stated.empty()) {
    return saved +
           " without a byte order mark, and does not say so: Java's parser does not read "
           "it: " +
           std::string(kSaveAnew);
  }
  return (wide || is_of_two_octets(stated) ? saved : "the file is not saved in that encoding") +
         ", but its first line says encoding=" + quotation(stated) +
         ": Java's parser refuses it (\"Content is not allowed in prolog\"): " +
         std::string(kSaveAnew);
}

std::string why_misread(std::string_view content) {
  if (form_of(content).saved != Saved::in_octets) return "";
  const std::string stated = stated_in(content);
  if (!is_of_one_octet(stated)) return "";
  const bool is_ascii = std::ranges::all_of(content, [](char c) { return (c & 0x80) == 0; });
  if (is_ascii || as_utf_8(content).empty()) return "";
  return "the file is saved as UTF-8, but its first line says encoding=" + quotation(stated) +
         ": each letter beyond ASCII is read as two others: write encoding=\"UTF-8\"";
}

std::string as_utf_8(std::string_view content) {
  const Form form = form_of(content);
  if (form.saved == Saved::utf_32) return "";
  if (form.saved != Saved::in_octets) return from_utf_16(content, form);
  for (std::size_t at = 0; at < content.size();) {
    const auto character = first_character(content.substr(at));
    if (!character) return "";
    at += character->octets;
  }
  return std::string(content);
}

}  // namespace startle::xml
