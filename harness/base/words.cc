#include "harness/base/words.h"

#include <vector>

namespace startle {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

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
