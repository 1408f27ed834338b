#include "harness/customer/home/written_text.h"

#include <utility>

#include "harness/base/utf_16.h"

namespace startle::customer {
namespace {

using namespace std::string_view_literals;
using enum WrittenText::Form;

constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";
constexpr std::string_view kLittleMark = "\xff\xfe";
constexpr std::string_view kBigMark = "\xfe\xff";

std::string swapped(std::string_view units) {
  std::string made(units);
  for (std::size_t i = 0; i + 1 < made.size(); i += 2) std::swap(made[i], made[i + 1]);
  return made;
}

// Every second octet is NUL, from the one at `first` on, and no other.
bool is_ascii_in_utf_16(std::string_view bytes, std::size_t first) {
  if (bytes.size() < 2 || bytes.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if ((bytes[i] == '\0') != (i % 2 == first)) return false;
  }
  return true;
}

}  // namespace

std::optional<WrittenText> read_text(std::string_view bytes) {
  if (bytes.starts_with(kUtf8Mark)) {
    return WrittenText{marked_utf_8, std::string(bytes.substr(kUtf8Mark.size()))};
  }
  std::string units;
  if (bytes.starts_with(kLittleMark)) {
    units = swapped(bytes.substr(kLittleMark.size()));
  } else if (bytes.starts_with(kBigMark)) {
    units = bytes.substr(kBigMark.size());
  } else if (is_ascii_in_utf_16(bytes, 1)) {
    units = swapped(bytes);
  } else if (is_ascii_in_utf_16(bytes, 0)) {
    units = bytes;
  } else {
    return WrittenText{plain, std::string(bytes)};
  }
  auto text = utf_8_of_utf_16(units);
  if (!text) return std::nullopt;
  return WrittenText{utf_16, std::move(*text)};
}

}  // namespace startle::customer
