#include "cases/catalogue_for_test.h"

#include <algorithm>

#include "harness/base/error.h"

namespace startle::cases {

const Catalogue& tree_catalogue() {
  static const Catalogue catalogue = Catalogue::load_from(STARTLE_TREE);
  return catalogue;
}

const Case& single_case(const std::string& id) {
  const auto& cases = tree_catalogue().cases();
  const auto found =
      std::find_if(cases.begin(), cases.end(), [&](const Case& c) { return c.id == id; });
  if (found == cases.end()) throw Error(Fault::internal, "there is no case " + id);
  return *found;
}

const Matrix& trust_matrix() {
  const auto& matrices = tree_catalogue().matrices();
  const auto found = std::find_if(matrices.begin(), matrices.end(),
                                  [](const Matrix& m) { return m.id == "matrix/trust"; });
  if (found == matrices.end()) throw Error(Fault::internal, "there is no matrix/trust");
  return *found;
}

}  // namespace startle::cases
