#include "harness/base/edit_distance.h"

#include <algorithm>
#include <vector>

namespace startle {

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

std::size_t slips(std::string_view meant, std::string_view written) {
  constexpr std::size_t kMost = 2;
  constexpr std::size_t kLettersForOneSlip = 4;
  const std::size_t longer = std::max(meant.size(), written.size());
  if (longer - std::min(meant.size(), written.size()) > kMost) return 0;
  const std::size_t distance = edit_distance(meant, written);
  return distance > kMost || distance * kLettersForOneSlip > meant.size() ? 0 : distance;
}

}  // namespace startle
