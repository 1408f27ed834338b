#pragma once
// The certificates of a recipe, each from its element. Used by recipe_reader.cc alone.

#include "certs/recipe.h"
#include "harness/xml/document.h"

namespace startle::certs {

void read_root(const xml::Element& element, Recipe& recipe);

// `number` counts from the root: 1 is next to it.
CertificateRecipe read_intermediate(const xml::Element& element, std::size_t number);

// The end entity, and who issued it.
void read_leaf(const xml::Element& element, Recipe& recipe);

}  // namespace startle::certs
