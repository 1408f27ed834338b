#pragma once
// The user's own files among what `startle run` is given: recipes, cases and matrices, and how an
// exchange that is made of them is selected again.

#include <map>
#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/selection.h"

namespace startle::program {

// The catalogue as far as `what` needs it: where that is ids alone, their files and no other case.
cases::Catalogue catalogue_for(const std::vector<std::string>& what);

class GivenFiles {
 public:
  // Adds each file of `what` to `catalogue`, and to `plan` all that is run of what that then has:
  // cases, matrices, globs. Throws Error(Fault::input).
  GivenFiles(const std::vector<std::string>& what, cases::Catalogue& catalogue, cases::Plan& plan);

  // `matrix` of the catalogue; where there are recipes of the user's own, with those in place of
  // its certificates.
  cases::Matrix with_own_certificates(cases::Matrix matrix) const;

  // A case or matrix says itself what the client is told: throws Error(Fault::usage) where there is
  // one beside a customer's configuration.
  void refuse_beside_configuration() const;
  // Throws Error(Fault::usage) of a file of recipes that nothing shows which `plan` selects.
  void refuse_unused(const cases::Plan& plan) const;

  // The words that select this exchange, in a catalogue to which nobody has added anything.
  std::vector<std::string> selecting(const cases::Exchange& exchange) const;

 private:
  struct Recipes {
    std::string file{};
    std::vector<std::string> ids{};
  };
  struct Own {
    std::string file{};
    std::string cells{};                 // how the ids of a matrix' cells begin; empty: a case
    std::vector<std::string> recipes{};  // files without which it cannot be read
  };
  void add(const std::string& file, cases::Catalogue& catalogue);
  void complete(const cases::Catalogue& catalogue);

  std::vector<Recipes> recipes_{};
  std::map<std::string, Own> own_{};  // by the id of the case or matrix
};

}  // namespace startle::program
