#pragma once
// The tree's own recipes, the clock and the host that the tests of this folder use.

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "certs/recipe.h"

namespace startle::certs {

inline constexpr std::chrono::sys_seconds kTestClock =
    std::chrono::sys_days{std::chrono::year{2030} / 6 / 15} + std::chrono::hours{12};
inline const std::string kTestHost = "smtp.example.test";

// Sorted.
std::vector<std::filesystem::path> recipe_files();

// Every recipe of certs/recipes, in the order of file and element.
const std::vector<Recipe>& all_recipes();

// Throws when there is none of this id.
const Recipe& recipe_called(const std::string& id);

}  // namespace startle::certs
