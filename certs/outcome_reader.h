#pragma once
// What a recipe says beside its certificates: revocation, and what follows for clients and
// libraries. Used by recipe_reader.cc alone.

#include "certs/recipe.h"
#include "harness/xml/document.h"

namespace startle::certs {

void read_revocation_list(const xml::Element& element, Recipe& recipe);
void read_staple(const xml::Element& element, Recipe& recipe);
void read_expected(const xml::Element& element, Recipe& recipe);
void read_disagreement(const xml::Element& element, Recipe& recipe);

}  // namespace startle::certs
