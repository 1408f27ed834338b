#pragma once
// How a parser of network bytes answers when it has nothing to hand out. Every parser of this
// folder is a pure function of the bytes read so far that returns
// std::variant<ParsedX, NeedMore, Malformed> and is called again with the grown buffer.
//
// The answer never depends on how the bytes were cut: every proper prefix of what a ParsedX
// consumed is NeedMore, and every longer input gives the same ParsedX.

#include <cstddef>
#include <string>

namespace startle::wire {

// All bytes so far may still become something legal.
struct NeedMore {
  bool operator==(const NeedMore&) const = default;
};

// No bytes that follow can make this legal.
struct Malformed {
  std::size_t offset =
      0;              // of the first byte that cannot be right; the bytes before it are NeedMore
  std::string why{};  // what is wrong there, for a person; no full stop

  bool operator==(const Malformed&) const = default;
};

}  // namespace startle::wire
