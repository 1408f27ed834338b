#include "cases/engine/case.h"

#include <algorithm>

namespace startle::cases {
namespace {

// Calls `each` with every axis and the value that cell `index` has on it, first axis first.
template <class Each>
void for_each_value(const Matrix& matrix, std::size_t index, Each each) {
  std::size_t block = matrix.size();
  for (const Axis& axis : matrix.axes) {
    block /= axis.values.size();
    each(axis, axis.values[index / block % axis.values.size()]);
  }
}

// A setting of cell `index`, the others not looked at.
template <class T>
const T& setting_of(const Matrix& matrix, std::size_t index, T Setup::*setting) {
  const T* found = &(matrix.setup.*setting);
  for_each_value(matrix, index, [&](const Axis&, const Change& value) {
    if (const T* changed = value.value_of(setting)) found = changed;
  });
  return *found;
}

}  // namespace

void Change::apply_to(Setup& setup) const {
  for (const AnyAssignment& any : assignments) {
    std::visit([&](const auto& one) { setup.*one.setting = one.value; }, any);
  }
}

std::size_t Matrix::size() const {
  std::size_t cells = 1;
  for (const Axis& axis : axes) cells *= axis.values.size();
  return cells;
}

words::Mode Matrix::mode_of(std::size_t index) const {
  return setting_of(*this, index, &Setup::mode);
}

bool Matrix::has_store(std::size_t index) const {
  return setting_of(*this, index, &Setup::store) != words::HostStore::system;
}

Matrix::Range Matrix::cells_from(std::string_view beginning) const {
  const auto may_be = [&](const std::string& part) {
    return part.starts_with(beginning) || beginning.starts_with(part);
  };
  Range range{.end = size()};
  std::string path = id + "/";
  if (!may_be(path)) return {};
  for (const Axis& axis : axes) {
    if (beginning.size() <= path.size()) break;
    const auto part_of = [&](const Change& value) {
      return path + axis.name + "=" + value.id + "/";
    };
    const auto fits = [&](const Change& value) { return may_be(part_of(value)); };
    const auto found = std::find_if(axis.values.begin(), axis.values.end(), fits);
    if (found == axis.values.end()) return {};
    if (std::any_of(found + 1, axis.values.end(), fits)) break;  // cut within their names
    const std::size_t block = (range.end - range.first) / axis.values.size();
    range.first += static_cast<std::size_t>(found - axis.values.begin()) * block;
    range.end = range.first + block;
    path = part_of(*found);
  }
  return range;
}

bool Matrix::has_cell(std::size_t index) const {
  const words::Mode mode = mode_of(index);
  bool has = true;
  for_each_value(*this, index, [&](const Axis&, const Change& value) {
    const auto& modes = value.modes;
    has = has && (modes.empty() || std::find(modes.begin(), modes.end(), mode) != modes.end());
  });
  return has;
}

std::string Matrix::cell_id(std::size_t index) const {
  std::string full = id;
  for_each_value(*this, index, [&](const Axis& axis, const Change& value) {
    full += "/" + axis.name + "=" + value.id;
  });
  return full;
}

Setup Matrix::cell(std::size_t index) const {
  Setup made = setup;
  for_each_value(*this, index, [&](const Axis&, const Change& value) { value.apply_to(made); });
  return made;
}

std::size_t Matrix::distance_from_base(std::size_t index) const {
  std::size_t distance = 0;
  for_each_value(*this, index, [&](const Axis& axis, const Change& value) {
    distance += value.id == axis.base || value.value_of(&Setup::mode) ? 0 : 1;
  });
  return distance;
}

}  // namespace startle::cases
