#pragma once
// The certificates of a recipe, each from its element. Used by recipe_reader.cc alone.

#include <vector>

#include "certs/recipe.h"
#include "harness/xml/document.h"

namespace startle::certs {

// Complains about an attribute that is neither one of these nor one that every certificate has, or
// about another child.
void allow_certificate(const xml::Element& element, Words attributes, Words children);

// Takes the attributes that every certificate has over what `certificate` holds.
void read_certificate(const xml::Element& element, CertificateRecipe& certificate);

void read_root(const xml::Element& element, Recipe& recipe);

// One, or as many default ones as its count says. `number` counts from the root: 1 is next to it.
std::vector<CertificateRecipe> read_intermediates(const xml::Element& element, std::size_t number);

// The `number`th certificate beside the chain, from 0.
ExtraCertificate read_extra(const xml::Element& element, const Recipe& recipe, std::size_t number);

// The end entity, and who issued it.
void read_leaf(const xml::Element& element, Recipe& recipe);

}  // namespace startle::certs
