#pragma once
// The path that a client finds from the end entity of a recipe to a trust anchor, among what the
// server sends (RFC 5280, 6.1): found by names and keys as the recipe declares them, without making
// a certificate.

#include <string>
#include <vector>

#include "certs/recipe.h"
#include "harness/oracle/facts.h"

namespace startle::certs {

// A certificate as path building sees it.
struct Certified {
  CertificateRecipe recipe{};
  std::string subject{};  // with placeholders filled in
  std::string key{};      // which: a name for each of the recipe's keys
  std::string issuer{};
  std::string issuer_key{};
  bool self_issued() const { return subject == issuer; }
};

struct CertificationPath {
  oracle::Path end = oracle::Path::issuer_missing;
  std::vector<Certified> authorities{};  // the end entity's issuer first, the anchor excluded
  // The end entity's issuer was sent, or is the end entity itself.
  bool signature_checkable = false;
};

// Orders the ends that paths of one chain come to: a client that finds several has the nearest.
int distance_from_anchor(oracle::Path end);

// Where several lead to an anchor, the one whose authorities have the fewest flaws.
CertificationPath find_path(const Recipe& recipe, const std::string& host);

}  // namespace startle::certs
