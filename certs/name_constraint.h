#pragma once
// What an authority's name constraints (RFC 5280, 4.2.1.10) say of an end entity's names.

#include <string>
#include <vector>

#include "certs/recipe.h"
#include "harness/oracle/facts.h"

namespace startle::certs {

// none, name_constraint_violated, leading_dot_constraint or common_name_outside.
oracle::Flaw constraint_flaw(const std::vector<NameConstraint>& constraints,
                             const CertificateRecipe& leaf, const std::string& host);

// The names an end entity presents: none without extensions, or with an empty list of them.
std::vector<AlternativeName> names_of(const CertificateRecipe& leaf);

// Whether libraries that hold dNSName constraints against a common name do so with this one.
bool may_be_host_name(const std::string& common_name);

}  // namespace startle::certs
