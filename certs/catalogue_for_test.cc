#include "certs/catalogue_for_test.h"

#include <algorithm>

#include "certs/recipe_reader.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

std::vector<Recipe> read_all() {
  std::vector<Recipe> all;
  for (const auto& file : recipe_files()) {
    for (Recipe& recipe : read_recipes(xml::Document::read(file))) all.push_back(std::move(recipe));
  }
  return all;
}

}  // namespace

std::vector<std::filesystem::path> recipe_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(STARTLE_TREE "/certs/recipes")) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

const std::vector<Recipe>& all_recipes() {
  static const std::vector<Recipe> all = read_all();
  return all;
}

const Recipe& recipe_called(const std::string& id) {
  const auto& all = all_recipes();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Recipe& r) { return r.id == id; });
  if (found == all.end()) throw Error(Fault::internal, "there is no recipe " + id);
  return *found;
}

}  // namespace startle::certs
