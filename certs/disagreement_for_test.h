#pragma once
// What other libraries make of a chain, against what its recipe states. A library that sees it
// otherwise has to be listed in the recipe, in its own words; a listed disagreement has to exist.

#include <string>
#include <vector>

#include "certs/recipe.h"
#include "harness/words/words.h"

namespace startle::certs {

// How a client built on a library ends.
struct LibraryEnding {
  // More than one: the library does not tell them apart.
  std::vector<words::Ending> endings{};
  std::string says{};  // in its own words; "accepts"
};

struct Comparison {
  words::TrustModel model = words::TrustModel::pkix;
  std::vector<words::Ending> expected{};
  LibraryEnding seen{};
};

// "delivered, validation-failure"
std::string words_of_endings(const std::vector<words::Ending>& endings);

// They have an ending in common.
bool agree(const std::vector<words::Ending>& expected, const LibraryEnding& seen);

// The complaint about a recipe, one line a disagreement; empty: every comparison agrees, or the
// recipe lists that it does not.
std::string unlisted_disagreement(const Recipe& recipe, Library library,
                                  const std::vector<Comparison>& comparisons);

}  // namespace startle::certs
