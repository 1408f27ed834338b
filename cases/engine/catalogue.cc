#include "cases/engine/catalogue.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "cases/engine/case_reader.h"
#include "certs/recipe_reader.h"
#include "harness/base/error.h"
#include "harness/base/words.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSchema = "cases/startle.rng";

// XML files below `folder`, in the order of their names.
std::vector<fs::path> xml_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (at->path().extension() == ".xml") files.push_back(at->path());
  }
  if (failed) throw Error(Fault::input, folder.string() + ": " + failed.message());
  std::sort(files.begin(), files.end());
  return files;
}

fs::path beside_the_program() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::path() : program.parent_path().parent_path() / "share" / "startle";
}

// What a recipe of the catalogue is called when it is not there.
template <class Names>
std::string not_there(const std::string& id, const Names& names) {
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string_view near = nearest(id, known);
  return "there is no certificate `" + id + "`" +
         (near.empty() ? "" : ": did you mean `" + std::string(near) + "`?") +
         " (`startle certs list` names all)";
}

}  // namespace

Catalogue::Catalogue(const fs::path& folder) : schema_(xml::Schema::read(folder / kSchema)) {
  const fs::path recipes = folder / "certs" / "recipes";
  for (const fs::path& file : xml_files(recipes)) {
    const fs::path place = file.lexically_relative(recipes).replace_extension();
    add_recipes(xml::Document::read(file), place.begin()->string());
  }
  const fs::path cases = folder / "cases";
  for (const fs::path& file : xml_files(cases)) {
    add(xml::Document::read(file),
        file.lexically_relative(cases).replace_extension().generic_string());
  }
}

Catalogue Catalogue::load_from(const fs::path& folder) {
  return Catalogue(folder);
}

Catalogue Catalogue::load() {
  if (const char* named = std::getenv("STARTLE_CATALOGUE")) {
    if (fs::exists(fs::path(named) / kSchema)) return Catalogue(named);
    throw Error(Fault::input, "STARTLE_CATALOGUE=" + std::string(named) +
                                  " holds no cases/startle.rng: set it to the folder that does, or "
                                  "unset it");
  }
  const fs::path installed = beside_the_program();
  for (const fs::path& folder : {installed, fs::path(STARTLE_SOURCE_TREE)}) {
    if (fs::exists(folder / kSchema)) return Catalogue(folder);
  }
  throw Error(Fault::input, "the catalogue is neither in " + installed.string() + " nor in " +
                                STARTLE_SOURCE_TREE +
                                ": install startle, or set STARTLE_CATALOGUE to the folder that "
                                "holds cases/startle.rng");
}

void Catalogue::check_new(const xml::Element& where, const std::string& kind,
                          const std::string& id) {
  const auto [place, added] =
      places_.emplace(kind + " " + id, where.file() + ":" + std::to_string(where.line()));
  if (!added) where.fail("there is a " + kind + " `" + id + "` already, at " + place->second);
}

void Catalogue::add_recipes(const xml::Document& document, const std::string& kind) {
  const std::vector<xml::Element> elements = document.root().children();
  std::vector<certs::Recipe> recipes = certs::read_recipes(document);  // one for each element
  for (std::size_t i = 0; i < recipes.size(); ++i) {
    certs::Recipe& recipe = recipes[i];
    check_new(elements[i], "certificate", recipe.id);
    recipe_ids_.push_back(recipe.id);
    kinds_.emplace(recipe.id, kind);
    recipes_.emplace(recipe.id, std::move(recipe));
  }
  fill_axes();
  // Last: our own complaints say more than the schema's.
  schema_.check(document);
}

// Whatever recipes have come since, a user's own too.
void Catalogue::fill_axes() {
  for (Matrix& matrix : matrices_) {
    for (Axis& axis : matrix.axes) {
      if (!axis.every_certificate) continue;
      for (std::size_t i = axis.values.size(); i < recipe_ids_.size(); ++i) {
        axis.values.push_back({.id = recipe_ids_[i], .certificate = recipe_ids_[i]});
      }
      if (axis.base.empty()) axis.base = axis.values.front().id;
    }
  }
}

void Catalogue::add(const xml::Document& document, std::string id) {
  const xml::Element root = document.root();
  check_new(root, "case", id);
  if (root.name() == "case") {
    Case made = read_case(root, std::move(id));
    for (const xml::Element& server : root.descendants("server")) {
      check_certificate(server, made.setup.certificate);
    }
    cases_.push_back(std::move(made));
  } else if (root.name() == "matrix") {
    Matrix made = read_matrix(root, std::move(id));
    const std::vector<xml::Element> axes = root.children();  // one for each of `made`
    for (std::size_t i = 0; i < axes.size(); ++i) {
      const Axis& axis = made.axes[i];
      for (const Change& value : axis.values) {
        if (value.certificate) check_certificate(axes[i], *value.certificate);
      }
      if (axis.every_certificate && !axis.base.empty()) check_certificate(axes[i], axis.base);
    }
    matrices_.push_back(std::move(made));
    fill_axes();
  } else {
    constexpr std::array<std::string_view, 3> kRoots{"case", "matrix", "recipes"};
    root.fail("<" + root.name() +
              "> is not what a file of the catalogue holds: " + xml::hint(root.name(), kRoots));
  }
  schema_.check(document);
}

void Catalogue::check_certificate(const xml::Element& where, const std::string& id) const {
  if (recipes_.count(id) == 0) where.fail(not_there(id, recipe_ids_));
}

std::vector<std::string> Catalogue::add_file(const fs::path& file) {
  const xml::Document document = xml::Document::read(file);
  if (document.root().name() == "recipes") {
    const std::size_t before = recipe_ids_.size();
    add_recipes(document, file.stem().string());
    return {recipe_ids_.begin() + static_cast<std::ptrdiff_t>(before), recipe_ids_.end()};
  }
  const std::string id = file.stem().string();
  add(document, id);
  return {id};
}

const certs::Recipe& Catalogue::recipe(const std::string& id) const {
  const auto found = recipes_.find(id);
  if (found == recipes_.end()) {
    throw Error(Fault::usage, not_there(id, recipe_ids_));
  }
  return found->second;
}

}  // namespace startle::cases
