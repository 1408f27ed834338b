#pragma once
// An exchange that nobody has thought of: settings and a script put together at random, each of
// them valid. What is right of it says the oracle, and possible_endings.h where the script
// deviates.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/exchange.h"

namespace startle::cases {

struct Composition {
  Setup setup{};
  Reading reading{};
};

// Choices that are the same everywhere for the same seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }
  bool once_in(std::size_t n) { return below(n) == 0; }
  template <class All>
  const auto& one_of(const All& all) {
    return all[below(std::size(all))];
  }
  template <class E>
  E word_of() {
    return static_cast<E>(below(count_of<E>()));
  }

 private:
  std::mt19937_64 random_;
};

class Composer {
 public:
  // Takes the values of matrix/full's axes, and every certificate. `catalogue` outlives this.
  // Throws Error(Fault::input) when there is no such matrix.
  explicit Composer(const Catalogue& catalogue);

  // The nth of `seed`, whatever was composed before.
  Composition compose(std::uint64_t seed, std::uint64_t n) const;

 private:
  void compose_settings(Dice& dice, Composition& made) const;

  const Catalogue& catalogue_;
  const Matrix& full_;
};

// Of composition_script.cc: what the server says, and how it lies in SASL, in the mode of `setup`.
void compose_script(Dice& dice, Setup& setup);

// The exchange of a composition, with the canary of `id`.
Exchange exchange_of(const Composition& composition, const std::string& id, const std::string& host,
                     std::uint64_t seed);

}  // namespace startle::cases
