#pragma once
// A recipe as XML again, with every default of the certificates written out but those that are the
// same for nearly all: to show what a recipe is made of, and to tell two recipes apart. read_recipe
// gives the same recipe back.

#include <string>

#include "certs/recipe.h"

namespace startle::certs {

std::string write_recipe(const Recipe& recipe);

// The element of one certificate authority, <root> or <intermediate>.
std::string write_root(const Recipe& recipe);
std::string write_intermediate(const CertificateRecipe& authority);
std::string write_extra(const ExtraCertificate& extra);

}  // namespace startle::certs
