#include "cases/program/given_files.h"

#include <algorithm>

#include "cases/program/commands.h"
#include "harness/base/error.h"

namespace startle::program {
namespace {

using namespace cases;
using Ids = std::vector<std::string>;

bool holds(const Ids& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool shows_one_of(const Case& single, const Ids& ids) {
  return holds(ids, single.setup.certificate);
}

bool shows_one_of(const Matrix& matrix, const Ids& ids) {
  return std::any_of(matrix.axes.begin(), matrix.axes.end(), [&](const Axis& axis) {
    return std::any_of(axis.values.begin(), axis.values.end(), [&](const Change& value) {
      const std::string* shown = value.value_of(&Setup::certificate);
      return shown != nullptr && holds(ids, *shown);
    });
  });
}

// Ids do not begin so, and where one begins with a hyphen it would be taken for an option.
std::string without_dot(const std::string& what) {
  return what.starts_with("./-") ? what.substr(2) : what;
}

}  // namespace

cases::Catalogue catalogue_for(const std::vector<std::string>& what) {
  std::vector<std::string> ids;
  for (const std::string& one : what) {
    auto id = is_file(one) ? std::nullopt : Catalogue::file_named_by(without_dot(one));
    if (!id) return Catalogue::load();
    ids.push_back(*std::move(id));
  }
  return ids.empty() ? Catalogue::load() : Catalogue::load_only(ids);
}

GivenFiles::GivenFiles(const std::vector<std::string>& what, Catalogue& catalogue, Plan& plan) {
  for (const std::string& one : what) {
    if (is_file(one)) {
      add(one, catalogue);
    } else {
      plan.globs.push_back(without_dot(one));
    }
  }
  complete(catalogue);
  for (const auto& [id, own] : own_) {
    // Where cells of it are named, these alone.
    const bool some = !own.cells.empty() && std::any_of(plan.globs.begin(), plan.globs.end(),
                                                        [&cells = own.cells](const auto& glob) {
                                                          return glob.starts_with(cells);
                                                        });
    if (!some) plan.whole.push_back(id);
  }
  for (const Matrix& matrix : catalogue.matrices()) {
    plan.matrices.push_back(own_.count(matrix.id) > 0 ? matrix : with_own_certificates(matrix));
  }
  const bool only_recipes = !recipes_.empty() && plan.globs.empty() && own_.empty();
  if (!only_recipes) plan.cases = catalogue.cases();
}

void GivenFiles::add(const std::string& file, Catalogue& catalogue) {
  const std::size_t before = catalogue.recipe_ids().size();
  Ids ids = catalogue.add_file(file);
  if (catalogue.recipe_ids().size() > before) {
    recipes_.push_back({.file = file, .ids = std::move(ids)});
  } else {
    own_.emplace(ids.front(), Own{.file = file});
  }
}

// Behind the last file, as one of recipes may add to a matrix.
void GivenFiles::complete(const Catalogue& catalogue) {
  const auto note_recipes = [&](Own& own, const auto& source) {
    for (const Recipes& recipes : recipes_) {
      if (shows_one_of(source, recipes.ids)) own.recipes.push_back(recipes.file);
    }
  };
  for (const Case& single : catalogue.cases()) {
    if (const auto own = own_.find(single.id); own != own_.end()) note_recipes(own->second, single);
  }
  for (const Matrix& matrix : catalogue.matrices()) {
    const auto own = own_.find(matrix.id);
    if (own == own_.end()) continue;
    own->second.cells = matrix.id + "/" + matrix.axes.front().name + "=";
    note_recipes(own->second, matrix);
  }
}

Matrix GivenFiles::with_own_certificates(Matrix matrix) const {
  if (recipes_.empty()) return matrix;
  for (Axis& axis : matrix.axes) {
    if (axis.name != "certificate") continue;
    axis.values.clear();
    for (const Recipes& recipes : recipes_) {
      for (const std::string& id : recipes.ids)
        axis.values.push_back(Change{.id = id}.set(&Setup::certificate, id));
    }
    axis.base = axis.values.front().id;
  }
  return matrix;
}

void GivenFiles::refuse_beside_configuration() const {
  if (own_.empty()) return;
  throw Error(Fault::usage, own_.begin()->second.file +
                                ": a case or matrix says itself what its client is told, and so "
                                "does --config: run it without --config");
}

void GivenFiles::refuse_unused(const Plan& plan) const {
  for (const Recipes& recipes : recipes_) {
    Plan showing = plan;
    std::erase_if(showing.cases, [&](const Case& c) { return !shows_one_of(c, recipes.ids); });
    std::erase_if(showing.matrices, [&](const Matrix& m) { return !shows_one_of(m, recipes.ids); });
    if (Selection(std::move(showing)).any()) continue;
    throw Error(Fault::usage, recipes.file +
                                  ": nothing that is run shows its certificates: run it alone, add "
                                  "'matrix/trust', or name one in a case or matrix of your own");
  }
}

std::vector<std::string> GivenFiles::selecting(const Exchange& exchange) const {
  const std::string& id = exchange.id;
  for (const auto& [own_id, own] : own_) {
    const bool is_cell = !own.cells.empty() && id.starts_with(own.cells);
    if (!is_cell && (id != own_id || !own.cells.empty())) continue;
    Ids what = own.recipes;
    what.push_back(own.file);
    if (is_cell) what.push_back(id);
    return what;
  }
  Ids what;
  for (const Recipes& recipes : recipes_) {
    if (holds(recipes.ids, exchange.certificate)) what.push_back(recipes.file);
  }
  what.push_back(id);
  return what;
}

}  // namespace startle::program
