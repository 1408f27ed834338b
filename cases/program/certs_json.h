#pragma once
// What is said of a recipe: its declared facts, and the endings of a client of each trust model. As
// JSON for the index of an export and for `certs show --json`; `certs show` draws from the same.

#include <string>
#include <vector>

#include "certs/recipe.h"
#include "harness/oracle/facts.h"
#include "harness/report/json_value.h"
#include "harness/words/words.h"

namespace startle::program {

using report::Json;

// What a client told to reach the host makes of the chain: without `trust` where the model is
// Java's, else with `trust` = the host.
struct ModelEndings {
  words::TrustModel model = words::TrustModel::documented;
  std::vector<words::Ending> endings{};  // as the recipe states them, or else the oracle's
  std::string reason{};
};

// Of all models, Java's last.
std::vector<ModelEndings> endings_of(const certs::Recipe& recipe, const std::string& host);
// The oracle's alone.
std::vector<ModelEndings> endings_of(const oracle::Facts& facts, const std::string& host);

// Of a column of models.
inline constexpr std::size_t kModelWidth = 19;

// The models that are told `trust`: "documented, pkix".
std::string told_trust();

// {MODEL: {"endings", "reason"}}
Json endings_json(const std::vector<ModelEndings>& endings);

// "delivered or certificate-expired"
std::string list_of(const std::vector<words::Ending>& endings);

// Every member, under its own name.
Json facts_json(const oracle::Facts& facts);

// {"id", "kind", "reason", "clause", "endings": {MODEL: {"endings", "reason"}}, "why", "facts",
// "disagreements"}
Json recipe_json(const certs::Recipe& recipe, const std::string& kind, const std::string& host);

}  // namespace startle::program
