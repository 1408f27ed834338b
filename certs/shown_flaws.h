#pragma once
// Which flaws certificates have that were read, not made: as flaws.h has them of recipes.

#include <span>
#include <string>

#include "certs/x509.h"
#include "harness/oracle/facts.h"

namespace startle::certs {

// An authority on a path, and whether the signature on it is right under the key of the next.
struct ReadAuthority {
  X509* certificate = nullptr;
  bool signed_well = true;
};

// Of the end entity alone, the first in the order of end_entity_flaws(). `issuer`: null where
// nobody knows it.
oracle::Flaw read_end_entity_flaw(const std::string& der, X509* issuer);

// Of the authorities of a path, the end entity's issuer first.
oracle::Flaw read_authorities_flaw(std::span<const ReadAuthority> path, X509* end_entity);

// Of the trust anchor that such a path ends at, as anchor_flaws() has it of recipes.
oracle::Flaw read_anchor_flaw(X509* anchor, std::span<const ReadAuthority> path);

}  // namespace startle::certs
