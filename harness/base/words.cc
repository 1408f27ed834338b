#include "harness/base/words.h"

#include "harness/base/edit_distance.h"

namespace startle {

std::string comma_separated(Words words) {
  std::string joined;
  for (const std::string_view w : words) {
    if (!joined.empty()) joined += ", ";
    joined += w;
  }
  return joined;
}

std::string_view nearest(std::string_view given, Words candidates) {
  constexpr std::size_t kLongestWord = 64;  // longer input is no misspelling of a word of ours
  if (given.size() > kLongestWord) return {};
  std::string_view best;
  std::size_t best_distance = (given.size() + 2) / 3 + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(given, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace startle
