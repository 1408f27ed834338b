#pragma once
// What benchmarks show their clients: chains of the catalogue, or of a kind of key, all made once.

#include <chrono>
#include <memory>
#include <string>

#include "cases/engine/catalogue.h"
#include "certs/mint.h"

namespace startle::bench {

inline const std::chrono::sys_seconds kClock =
    std::chrono::sys_days{std::chrono::year{2030} / 6 / 15};
inline constexpr const char* kHost = "smtp.example.test";

inline const cases::Catalogue& catalogue() {
  static const cases::Catalogue all = cases::Catalogue::load();
  return all;
}

inline certs::Mint& mint() {
  static certs::Mint made(kClock);
  return made;
}

// Of a recipe, by its id, with what a client that trusts it holds: a lone self-signed certificate
// is its own trust anchor.
inline certs::Chain shown_chain(const std::string& recipe) {
  certs::Chain chain = *mint().chain(catalogue().recipe(recipe), kHost);
  if (recipe == "self-signed") chain.anchors = std::make_shared<tls::TrustStore>(chain.sent_der);
  return chain;
}

// An end entity with such a key and an intermediate of P-256.
inline std::shared_ptr<const certs::Chain> chain_of(certs::KeyKind key) {
  certs::Recipe recipe = certs::valid_recipe();
  recipe.id = "valid-" + std::string(word(key));
  recipe.leaf.key = key;
  return mint().chain(recipe, kHost);
}

}  // namespace startle::bench
