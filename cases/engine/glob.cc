#include "cases/engine/glob.h"

#include <algorithm>

namespace startle::cases {

bool glob_matches(std::string_view pattern, std::string_view id) {
  if (pattern.find_first_of("*?") == std::string_view::npos) {
    return id == pattern || (id.starts_with(pattern) && id.substr(pattern.size()).starts_with('/'));
  }
  std::size_t p = 0;
  std::size_t i = 0;
  std::size_t star = std::string_view::npos;
  std::size_t retry = 0;
  while (i < id.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = i;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == id[i])) {
      ++p;
      ++i;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      i = ++retry;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool selects_all_of(const std::string& glob, const std::string& source) {
  const bool open_ended = glob.find_first_of("*?") == std::string::npos || glob.ends_with('*');
  return open_ended && glob_matches(glob, source);
}

GlobRanges::GlobRanges(const Matrix& matrix, const std::vector<std::string>& globs)
    : size_(matrix.size()) {
  for (const std::string& glob : globs) {
    ranges_.push_back(matrix.cells_from(glob.substr(0, glob.find_first_of("*?"))));
  }
}

std::size_t GlobRanges::next(std::size_t cell) const {
  std::size_t next = size_;
  for (const Matrix::Range& range : ranges_) {
    if (cell < range.end) next = std::min(next, std::max(cell, range.first));
  }
  return next;
}

}  // namespace startle::cases
