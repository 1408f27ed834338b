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
constexpr const char* kRequirements = "cases/requirements.xml";

// As paths compare, part by part, without taking them apart each time.
void sort_by_parts(std::vector<fs::path>& files) {
  const auto rank = [](char c) { return c == fs::path::preferred_separator ? 0 : int{c} + 256; };
  std::sort(files.begin(), files.end(), [&](const fs::path& one, const fs::path& other) {
    return std::ranges::lexicographical_compare(one.native(), other.native(), {}, rank, rank);
  });
}

// XML files below `folder`, in the order of their names.
std::vector<fs::path> xml_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (at->path().extension() == ".xml") files.push_back(at->path());
  }
  if (failed) throw Error(Fault::input, folder.string() + ": " + failed.message());
  sort_by_parts(files);
  return files;
}

// The protocols' folders and matrix/: other XML may stand beside them.
std::vector<std::string_view> rooms() {
  std::vector<std::string_view> all(words::kProtocols.begin(), words::kProtocols.end());
  all.push_back("matrix");
  return all;
}

std::vector<fs::path> case_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const std::string_view room : rooms()) {
    if (!fs::exists(folder / room)) continue;
    const std::vector<fs::path> found = xml_files(folder / room);
    files.insert(files.end(), found.begin(), found.end());
  }
  sort_by_parts(files);
  return files;
}

fs::path file_of(const fs::path& cases, const std::string& id) {
  return cases / (id + ".xml");
}

// Those of `ids`, each once, in the order that case_files() has.
std::vector<fs::path> files_of(const fs::path& cases, const std::vector<std::string>& ids) {
  std::vector<fs::path> files;
  for (const std::string& id : ids) files.push_back(file_of(cases, id));
  sort_by_parts(files);
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

// What a folder lacks to be a catalogue; empty: nothing.
std::string lacking(const fs::path& folder) {
  for (const char* file : {kSchema, kRequirements}) {
    if (!fs::exists(folder / file)) return file;
  }
  return "";
}

fs::path beside_the_program() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::path() : program.parent_path().parent_path() / "share" / "startle";
}

// ": did you mean `x`?", or nothing.
std::string offer(const std::string& id, const std::vector<std::string_view>& known) {
  const std::string_view near = nearest(id, known);
  return near.empty() ? "" : ": did you mean `" + std::string(near) + "`?";
}

// What a recipe of the catalogue is called when it is not there.
std::string not_there(const std::string& id, const std::vector<std::string>& names) {
  return "there is no certificate `" + id + "`" + offer(id, {names.begin(), names.end()}) +
         " (`startle certs list` names all)";
}

std::string no_requirement(const std::string& id, const std::vector<Requirement>& all) {
  std::vector<std::string_view> known;
  for (const Requirement& one : all) known.push_back(one.id);
  return "there is no requirement `" + id + "`" + offer(id, known) + " (" + kRequirements +
         " has all)";
}

// A configuration's root has any name; what is read of it are these elements.
bool may_be_customers(const xml::Element& root) {
  constexpr std::array<std::string_view, 3> kOurs{"case", "matrix", "recipes"};
  if (std::find(kOurs.begin(), kOurs.end(), root.name()) != kOurs.end()) return false;
  return root.name() == "schedule" || root.name() == "smtp" || root.name() == "ldap" ||
         !root.descendants("smtp").empty() || !root.descendants("ldap").empty();
}

}  // namespace

Catalogue::Catalogue(const fs::path& folder, const std::optional<std::vector<std::string>>& only)
    : schema_(xml::Schema::read(folder / kSchema)) {
  add_requirements(read(folder / kRequirements));
  const fs::path recipes = folder / "certs" / "recipes";
  for (const fs::path& file : xml_files(recipes)) {
    const fs::path place = file.lexically_relative(recipes).replace_extension();
    add_recipes(read(file), place.begin()->string());
  }
  const fs::path cases = folder / "cases";
  for (const fs::path& file : only ? files_of(cases, *only) : case_files(cases)) {
    add(read(file), file.lexically_relative(cases).replace_extension().generic_string());
  }
}

xml::Document Catalogue::read(const fs::path& file) {
  files_.push_back(file);
  return xml::Document::read(file);
}

Catalogue Catalogue::load_from(const fs::path& folder) {
  return Catalogue(folder, std::nullopt);
}

namespace {

// Of load().
fs::path catalogue_folder() {
  if (const char* named = std::getenv("STARTLE_CATALOGUE")) {
    const std::string absent = lacking(named);
    if (absent.empty()) return named;
    throw Error(Fault::input, "STARTLE_CATALOGUE=" + std::string(named) + " holds no " + absent +
                                  ": set it to the folder that does, or unset it");
  }
  const fs::path installed = beside_the_program();
  for (const fs::path& folder : {installed, fs::path(STARTLE_SOURCE_TREE)}) {
    if (lacking(folder).empty()) return folder;
  }
  throw Error(Fault::input, "the catalogue is neither in " + installed.string() + " nor in " +
                                STARTLE_SOURCE_TREE +
                                ": install startle, or set STARTLE_CATALOGUE to the folder that "
                                "holds cases/startle.rng and cases/requirements.xml");
}

}  // namespace

Catalogue Catalogue::load() {
  return Catalogue(catalogue_folder(), std::nullopt);
}

Catalogue Catalogue::load_only(const std::vector<std::string>& ids) {
  return Catalogue(catalogue_folder(), ids);
}

std::optional<std::string> Catalogue::file_named_by(const std::string& glob) {
  const std::size_t value = glob.find('=');  // cells append /axis=value
  const std::string id = value == std::string::npos ? glob : glob.substr(0, glob.rfind('/', value));
  if (id.find_first_of("*?") != std::string::npos) return std::nullopt;
  const std::vector<std::string_view> all = rooms();
  const bool in_room = std::any_of(all.begin(), all.end(), [&](std::string_view room) {
    return id.starts_with(std::string(room) + "/");
  });
  if (!in_room || fs::path(id).lexically_normal() != id) return std::nullopt;
  const fs::path cases = catalogue_folder() / "cases";
  std::error_code none;
  // A folder of that name would be meant too, as a whole.
  if (fs::is_directory(cases / id, none)) return std::nullopt;
  return fs::is_regular_file(file_of(cases, id), none) ? std::optional(id) : std::nullopt;
}

fs::path Catalogue::clients_folder() {
  return catalogue_folder() / "cases" / "clients";
}

void Catalogue::check_new(const xml::Element& where, const std::string& kind,
                          const std::string& id) {
  const auto [place, added] =
      places_.emplace(kind + " " + id, where.file() + ":" + std::to_string(where.line()));
  if (!added) where.fail("there is a " + kind + " `" + id + "` already, at " + place->second);
}

void Catalogue::add_requirements(const xml::Document& document) {
  const std::vector<xml::Element> elements = document.root().children();
  requirements_ = read_requirements(document.root());  // one for each element
  for (std::size_t i = 0; i < elements.size(); ++i) {
    check_new(elements[i], "requirement", requirements_[i].id);
  }
  schema_.check(document);
}

void Catalogue::check_requirements(const xml::Element& where,
                                   const std::vector<std::string>& ids) const {
  for (const std::string& id : ids) {
    if (places_.count("requirement " + id) == 0) where.fail(no_requirement(id, requirements_));
  }
}

void Catalogue::add_recipes(const xml::Document& document, const std::string& kind) {
  const std::vector<xml::Element> elements = document.root().children();
  std::vector<certs::Recipe> recipes = certs::read_recipes(document);  // one for each element
  for (std::size_t i = 0; i < recipes.size(); ++i) {
    certs::Recipe& recipe = recipes[i];
    check_new(elements[i], "certificate", recipe.id);
    recipe_ids_.push_back(recipe.id);
    kinds_.emplace(recipe.id, kind);
    Purpose purpose{.requirements = read_requirement_ids(elements[i]),
                    .bug_class = elements[i].maybe_attribute("bug-class").value_or("")};
    check_requirements(elements[i], purpose.requirements);
    purposes_.emplace(recipe.id, std::move(purpose));
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
        axis.values.push_back(
            Change{.id = recipe_ids_[i]}.set(&Setup::certificate, recipe_ids_[i]));
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
    check_requirements(root, made.requirements);
    for (const xml::Element& server : root.descendants("server")) {
      check_certificate(server, made.setup.certificate);
    }
    cases_.push_back(std::move(made));
  } else if (root.name() == "matrix") {
    Matrix made = read_matrix(root, std::move(id));
    check_requirements(root, made.requirements);
    const std::vector<xml::Element> axes = root.children();  // one for each of `made`
    for (std::size_t i = 0; i < axes.size(); ++i) {
      const Axis& axis = made.axes[i];
      for (const Change& value : axis.values) {
        const std::string* certificate = value.value_of(&Setup::certificate);
        if (certificate != nullptr) check_certificate(axes[i], *certificate);
      }
      if (axis.every_certificate && recipe_ids_.empty()) {
        axes[i].fail("there is no certificate: certs/recipes of the catalogue holds none");
      }
      if (axis.every_certificate && !axis.base.empty()) check_certificate(axes[i], axis.base);
    }
    matrices_.push_back(std::move(made));
    fill_axes();
  } else if (may_be_customers(root)) {
    root.fail("<" + root.name() +
              "> begins a customer's configuration, not a case, a matrix or recipes: did you mean "
              "`startle run --config FILE`?");
  } else if (root.name() == "requirements") {
    root.fail(std::string("requirements stand in ") + kRequirements +
              " of the catalogue and nowhere else: this file may hold a case, a matrix or recipes");
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

const Requirement& Catalogue::requirement(const std::string& id) const {
  const auto found = std::find_if(requirements_.begin(), requirements_.end(),
                                  [&](const Requirement& one) { return one.id == id; });
  if (found == requirements_.end()) throw Error(Fault::usage, no_requirement(id, requirements_));
  return *found;
}

const certs::Recipe& Catalogue::recipe(const std::string& id) const {
  const auto found = recipes_.find(id);
  if (found == recipes_.end()) {
    throw Error(Fault::usage, not_there(id, recipe_ids_));
  }
  return found->second;
}

}  // namespace startle::cases
