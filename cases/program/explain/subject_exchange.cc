#include "cases/program/explain/subject_exchange.h"

#include <algorithm>

#include "cases/engine/judge.h"
#include "cases/engine/selection.h"
#include "certs/recipe.h"

namespace startle::program {

std::optional<cases::Exchange> exchange_of(const cases::Catalogue& catalogue,
                                           const std::string& id) {
  cases::Plan plan{.globs = {id}, .models = {words::TrustModel::pkix}};
  const auto& cases = catalogue.cases();
  const auto single = std::find_if(cases.begin(), cases.end(),
                                   [&](const cases::Case& one) { return one.id == id; });
  if (single != cases.end()) {
    plan.cases.push_back(*single);
  } else {
    const auto& matrices = catalogue.matrices();
    const auto of = std::find_if(matrices.begin(), matrices.end(), [&](const cases::Matrix& one) {
      return id.starts_with(one.id + "/");
    });
    if (of == matrices.end()) return std::nullopt;
    // The one cell: a glob finds it without going through all of them.
    const cases::Matrix::Range range = of->cells_from(id);
    const bool there = [&] {
      for (std::size_t i = range.first; i < range.end; ++i) {
        if (of->has_cell(i) && of->cell_id(i) == id) return true;
      }
      return false;
    }();
    if (!there) return std::nullopt;
    plan.matrices.push_back(*of);
  }
  cases::Selection selection(std::move(plan));
  std::optional<cases::Exchange> found = selection.next();
  if (found && found->id != id) found.reset();
  return found;
}

cases::Expectation expected_of(const cases::Catalogue& catalogue, const cases::Exchange& exchange) {
  if (exchange.stated && !exchange.stated->endings.empty()) return *exchange.stated;
  return cases::expectation_of(
      exchange, certs::facts_of(catalogue.recipe(exchange.certificate), exchange.host));
}

}  // namespace startle::program
