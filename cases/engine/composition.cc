#include "cases/engine/composition.h"

#include <algorithm>
#include <array>

#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/sasl/mechanism.h"

namespace startle::cases {
namespace {

const Matrix& full_matrix(const Catalogue& catalogue) {
  for (const Matrix& matrix : catalogue.matrices()) {
    if (matrix.id == "matrix/full") return matrix;
  }
  throw Error(Fault::input, "the catalogue has no matrix/full");
}

// A list of tokens such as people write, and such as they should not.
std::string some_trust(Dice& dice) {
  constexpr std::array kTokens{"{host}", "{HOST}",         "{host}.",   "other.example.test",
                               "*",      "*.example.test", "127.0.0.1", "{host}:25",
                               "a,b",    "example.test",   "::1",       "smtp.example.tes"};
  constexpr std::array kGaps{" ", "  ", "\t", " \t ", ",", "\n"};
  std::string trust = dice.once_in(6) ? dice.one_of(kGaps) : "";
  for (std::size_t left = 1 + dice.below(3); left > 0; --left) {
    trust += dice.one_of(kTokens);
    if (left > 1 || dice.once_in(6)) trust += dice.one_of(kGaps);
  }
  return trust;
}

std::string some_mechanism(Dice& dice, words::Mode mode) {
  const bool mail = row_of(words::protocol_of(mode)).is_mail;
  while (true) {
    const auto mechanism = dice.word_of<sasl::Mechanism>();
    if (mail || !sasl::is_for_mail_alone(mechanism)) return std::string(word(mechanism));
  }
}

}  // namespace

Composer::Composer(const Catalogue& catalogue)
    : catalogue_(catalogue), full_(full_matrix(catalogue)) {}

void Composer::compose_settings(Dice& dice, Composition& made) const {
  Setup& setup = made.setup;
  made.reading.trust = dice.word_of<words::TrustModel>();
  made.reading.store = dice.word_of<words::StoreModel>();
  setup.mode = dice.word_of<words::Mode>();
  for (const Axis& axis : full_.axes) {
    if (axis.name == "mode" || (axis.name != "credential" && dice.once_in(2))) continue;
    const Change& value = dice.one_of(axis.values);
    const auto& modes = value.modes;
    const bool fits =
        modes.empty() || std::find(modes.begin(), modes.end(), setup.mode) != modes.end();
    if (fits) value.apply_to(setup);
  }
  if (dice.once_in(3)) setup.certificate = dice.one_of(catalogue_.recipe_ids());
  if (dice.once_in(4)) setup.trust = some_trust(dice);
  if (dice.once_in(3)) setup.mechanism = some_mechanism(dice, setup.mode);
  if (dice.once_in(6)) setup.client_certificate = dice.word_of<certs::ClientCertificate>();
  if (dice.once_in(8)) setup.sender = "o'brien+x@example.test";
  if (!row_of(words::protocol_of(setup.mode)).is_directory) return;
  constexpr std::array kFilters{"(uid=*)", "(&(objectClass=*)(!(uid=nobody)))", "(cn=a\\2ab)"};
  if (dice.once_in(4)) setup.filter = dice.one_of(kFilters);
  if (dice.once_in(6)) setup.base = "";
  if (dice.once_in(3)) setup.persona = dice.word_of<fake::Persona>();
}

Composition Composer::compose(std::uint64_t seed, std::uint64_t n) const {
  Dice dice(fingerprint(std::to_string(n), seed));
  Composition made;
  compose_settings(dice, made);
  compose_script(dice, made.setup);
  return made;
}

Exchange exchange_of(const Composition& composition, const std::string& id, const std::string& host,
                     std::uint64_t seed) {
  Exchange made = make_exchange(composition.setup, id, host, composition.reading, seed);
  made.summary = "composed at random";
  return made;
}

}  // namespace startle::cases
