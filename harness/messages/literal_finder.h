#pragma once
// Finds any of many literals in a text that comes in parts, letters of either case, in one pass
// (Aho and Corasick): what a log costs does not grow with the number of messages that are known.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace startle::messages {

class LiteralFinder {
 public:
  // None of the literals is empty; two may be equal.
  explicit LiteralFinder(const std::vector<std::string>& literals);

  using State = std::uint32_t;
  static constexpr State kStart = 0;

  // Goes on from `state` over `text` and returns the state behind it; calls found(i, end) for each
  // literal i that ends in front of text[end].
  template <class Found>
  State go_on(State state, std::string_view text, const Found& found) const {
    for (std::size_t at = 0; at < text.size(); ++at) {
      const std::uint32_t next =
          next_[state * kinds_ + kind_of_[static_cast<unsigned char>(text[at])]];
      state = next & ~kEnds;
      if ((next & kEnds) == 0) continue;
      for (std::uint32_t ending = state; ending != kStart; ending = shorter_[ending]) {
        for (const std::size_t literal : endings_[ending]) found(literal, at + 1);
      }
    }
    return state;
  }

 private:
  static constexpr std::uint32_t kEnds = 1U << 31;  // some literal ends in the state behind it

  std::array<std::uint8_t, 256> kind_of_{};  // octets that no literal tells apart are of one kind
  std::size_t kinds_ = 1;
  std::vector<std::uint32_t> next_{};     // by state and kind
  std::vector<std::uint32_t> shorter_{};  // the longest proper suffix in which a literal ends
  std::vector<std::vector<std::size_t>> endings_{};  // literals, by the state they end in
};

}  // namespace startle::messages
