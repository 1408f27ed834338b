#include "cases/engine/case.h"

#include <algorithm>

namespace startle::cases {
namespace {

template <class T, class U>
void set(T& target, const std::optional<U>& value) {
  if (value) target = *value;
}

// Calls `each` with every axis and the value that cell `index` has on it, first axis first.
template <class Each>
void for_each_value(const Matrix& matrix, std::size_t index, Each each) {
  std::size_t block = matrix.size();
  for (const Axis& axis : matrix.axes) {
    block /= axis.values.size();
    each(axis, axis.values[index / block % axis.values.size()]);
  }
}

}  // namespace

void Change::apply_to(Setup& setup) const {
  set(setup.mode, mode);
  set(setup.host, host);
  set(setup.certificate, certificate);
  set(setup.store, store);
  set(setup.trust, trust);
  set(setup.username, username);
  set(setup.password, password);
  set(setup.mechanism, mechanism);
  set(setup.client_certificate, client_certificate);
  set(setup.sender, sender);
  set(setup.base, base);
  set(setup.filter, filter);
  set(setup.persona, persona);
  set(setup.server_username, server_username);
  set(setup.server_password, server_password);
  set(setup.server_sender, server_sender);
}

std::size_t Matrix::size() const {
  std::size_t cells = 1;
  for (const Axis& axis : axes) cells *= axis.values.size();
  return cells;
}

bool Matrix::has_store(std::size_t index) const {
  words::HostStore store = setup.store;
  for_each_value(*this, index,
                 [&](const Axis&, const Change& value) { store = value.store.value_or(store); });
  return store != words::HostStore::system;
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
  words::Mode mode = setup.mode;
  for_each_value(*this, index,
                 [&](const Axis&, const Change& value) { mode = value.mode.value_or(mode); });
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
    distance += value.id == axis.base || value.mode ? 0 : 1;
  });
  return distance;
}

}  // namespace startle::cases
