#pragma once
// Which flaws a recipe's certificates have, from what it declares.

#include <string>
#include <vector>

#include "certs/certification_path.h"
#include "certs/recipe.h"
#include "harness/oracle/facts.h"

namespace startle::certs {

// At the run's clock.
oracle::Validity validity_now(const ValidityPeriod& validity);

// Of the end entity alone; more than one is more than the oracle can be told.
std::vector<oracle::Flaw> end_entity_flaws(const CertificateRecipe& leaf, const std::string& host);

// Of a certificate's right to issue, whatever it issued.
std::vector<oracle::Flaw> authority_flaws(const CertificateRecipe& authority);

// Of the trust anchor that a path ends at: its key, and its path length. Its own signature is no
// part of any path.
std::vector<oracle::Flaw> anchor_flaws(const CertificateRecipe& anchor,
                                       const std::vector<Certified>& path);

// The first flaw of a path's authorities, the end entity's issuer first: those of their own, path
// lengths, and name constraints on `leaf`.
oracle::Flaw authorities_flaw(const std::vector<Certified>& path, const CertificateRecipe& leaf,
                              const std::string& host);

}  // namespace startle::certs
