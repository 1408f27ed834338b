#include "harness/wire/printable.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "harness/base/bytes.h"

namespace startle::wire {
namespace {

// The length of the UTF-8 sequence that `bytes` starts with if it encodes a character that may be
// shown; 0 otherwise.
std::size_t shown_length(std::string_view bytes) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return static_cast<unsigned char>(bytes[i]);
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || bytes.size() < length) return 0;

  std::uint32_t character = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
    character = character << 6 | (byte(i) & 0x3fU);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0xa0 /* above C1 */, 0x800, 0x10000};
  const bool surrogate = character >= 0xd800 && character <= 0xdfff;
  const bool non_character = character == 0xfffe || character == 0xffff;
  if (character < kSmallest[length] || character > 0x10ffff || surrogate || non_character) return 0;
  return length;
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
    const std::size_t length = shown_length(bytes);
    if (length == 0) {
      shown += "\\x" + to_hex(bytes.substr(0, 1));
      bytes.remove_prefix(1);
    } else {
      shown += bytes.substr(0, length);
      bytes.remove_prefix(length);
    }
  }
  return shown;
}

}  // namespace startle::wire
