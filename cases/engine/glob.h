#pragma once
// Globs over the ids of cases and of a matrix's cells.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cases/engine/case.h"

namespace startle::cases {

// `*` matches any run of characters, also `/`; `?` one character. A pattern without either also
// selects everything below it: `matrix/trust` all its cells.
bool glob_matches(std::string_view pattern, std::string_view id);

// Whatever stands below `source` is selected with it: no id of a cell has to be made.
bool selects_all_of(const std::string& glob, const std::string& source);

// Where the cells are that one of the globs may select, by its beginning: an id has to be made of
// no other.
class GlobRanges {
 public:
  GlobRanges(const Matrix& matrix, const std::vector<std::string>& globs);
  // The first of these cells from `cell` on, or the size of the matrix.
  std::size_t next(std::size_t cell) const;

 private:
  std::size_t size_;
  std::vector<Matrix::Range> ranges_{};
};

}  // namespace startle::cases
