#pragma once
// How an exchange is met by hand: the fake server in the background, and a look at it with openssl
// s_client, gnutls-cli or a socket of Python's. Each is a script for sh that runs as it stands.

#include <optional>
#include <string>
#include <vector>

#include "cases/engine/exchange.h"
#include "cases/program/explain/dialogue_steps.h"
#include "certs/recipe.h"

namespace startle::program {

struct Reproduction {
  std::string tool{};                // "openssl", "gnutls-cli", "python3", "startle"
  std::vector<std::string> lines{};  // of the script
  std::string shows{};               // what is to be seen
  std::string prints{};              // what stands in its output, to the letter; empty: not known
  // Whether the last command refuses, with another status than 0; nullopt: it may do either.
  std::optional<bool> refuses{};
};

// `drawn` is its dialogue, `recipe` what it shows, `served` the words behind `startle serve`, or
// empty where it cannot be served; `run` the words behind `startle run`.
std::vector<Reproduction> reproductions_of(const cases::Exchange& exchange,
                                           const std::vector<DrawnLine>& drawn,
                                           const certs::Recipe& recipe, const std::string& served,
                                           const std::string& run);

// What that library's own command makes of the chain, where the recipe and its clause say so.
std::optional<bool> refused_by(certs::Library library, const certs::Recipe& recipe,
                               const std::string& host);

}  // namespace startle::program
