#pragma once
// Recipes as XML. A file holds several, and each states only what is wrong:
//
//   <recipes>
//     <recipe id="expired" reason="the end entity's validity ended yesterday"
//             clause="RFC 5280, 6.1.3 (a) (2)">
//       <leaf from="-30d" until="-1d"/>
//     </recipe>
//   </recipes>
//
// recipes.rng is the grammar; what a grammar cannot say is complained about here, by file and line.
// README.md explains every word.

#include <string>
#include <vector>

#include "certs/recipe.h"
#include "harness/xml/document.h"

namespace startle::certs {

// Reads one <recipe>. Throws Error(Fault::input, "file:line: ...").
Recipe read_recipe(const xml::Element& recipe);

// Reads a file's <recipes>; an id stands once.
std::vector<Recipe> read_recipes(const xml::Document& document);

}  // namespace startle::certs
