#include "cases/engine/coverage.h"

#include <algorithm>
#include <map>

namespace startle::cases {
namespace {

using Covering = std::map<std::string, std::vector<std::string>>;  // by requirement

// The matrix that shows every certificate there is; null: a catalogue without one.
const Matrix* certificates_of(const Catalogue& catalogue) {
  for (const Matrix& matrix : catalogue.matrices()) {
    const bool all = std::any_of(matrix.axes.begin(), matrix.axes.end(),
                                 [](const Axis& axis) { return axis.every_certificate; });
    if (all) return &matrix;
  }
  return nullptr;
}

// The first mode of `matrix` in which the requirement is kept or broken.
std::string mode_for(const Axis& modes, Layer layer) {
  for (const Change& value : modes.values) {
    const words::Mode* mode = value.value_of(&Setup::mode);
    if (mode != nullptr && word(words::protocol_of(*mode)) == word(layer)) return value.id;
  }
  return modes.values.front().id;
}

// The cell of `matrix` that shows `certificate` and is at its base otherwise.
std::string base_cell(const Matrix& matrix, const std::string& certificate, Layer layer) {
  std::string id = matrix.id;
  for (const Axis& axis : matrix.axes) {
    const std::string& base = axis.base.empty() ? axis.values.front().id : axis.base;
    id += "/" + axis.name + "=";
    if (axis.every_certificate) {
      id += certificate;
    } else {
      id += axis.name == "mode" ? mode_for(axis, layer) : base;
    }
  }
  return id;
}

Covering covering(const Catalogue& catalogue) {
  Covering by;
  for (const Case& single : catalogue.cases()) {
    for (const std::string& id : single.requirements) by[id].push_back(single.id);
  }
  for (const Matrix& matrix : catalogue.matrices()) {
    for (const std::string& id : matrix.requirements) by[id].push_back(matrix.id);
  }
  if (const Matrix* shows = certificates_of(catalogue)) {
    for (const std::string& recipe : catalogue.recipe_ids()) {
      for (const std::string& id : catalogue.purpose(recipe).requirements) {
        const Layer layer = catalogue.requirement(id).protocol;
        by[id].push_back(base_cell(*shows, recipe, layer));
      }
    }
  }
  return by;
}

}  // namespace

std::vector<Coverage> coverage_of(const Catalogue& catalogue) {
  Covering by = covering(catalogue);
  std::vector<Coverage> all;
  for (const Requirement& one : catalogue.requirements()) {
    all.push_back({.requirement = &one, .cases = std::move(by[one.id])});
  }
  return all;
}

}  // namespace startle::cases
