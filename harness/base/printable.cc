#include "harness/base/printable.h"

#include <algorithm>
#include <cstddef>

#include "harness/base/bytes.h"
#include "harness/base/utf_8.h"

namespace startle {
namespace {

// C0, DEL, C1, and the two non-characters that XML has no place for.
bool is_shown(char32_t code) {
  return code >= 0x20 && !(code >= 0x7f && code < 0xa0) && code != 0xfffe && code != 0xffff;
}

}  // namespace

std::string printable(std::string_view bytes) {
  // Nearly everything is plain ASCII.
  if (std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= 0x20 && c < 0x7f; })) {
    return std::string(bytes);
  }
  std::string shown;
  shown.reserve(bytes.size());
  while (!bytes.empty()) {
    const auto character = first_character(bytes);
    const bool plain = character && is_shown(character->code);
    const std::size_t taken = plain ? character->octets : 1;
    const std::string_view head = bytes.substr(0, taken);
    shown += plain ? std::string(head) : "\\x" + to_hex(head);
    bytes.remove_prefix(taken);
  }
  return shown;
}

}  // namespace startle
