#include "cases/engine/catalogue_for_test.h"

#include <algorithm>

#include "cases/engine/setting.h"
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

std::string everything_of(const Exchange& e) {
  std::string text = e.id + "|" + std::string(word(e.trust_model)) + "|" + e.client_name + "|" +
                     e.secret + "|" + e.summary + e.why + e.fix;
  for (const std::string& setting : described(e)) text += "|" + setting;
  for (const fake::User& user : e.users) {
    text += "|" + user.name + ":" + user.password;
    for (const std::string& sender : user.senders) text += "," + sender;
  }
  for (const fake::Deviation& at : e.script.deviations) {
    text += "|" + std::string(word(at.at));
    for (const fake::Step& step : at.steps) text += ";" + fake::describe(step);
  }
  for (const std::string& requirement : e.requirements) text += "|" + requirement;
  return text;
}

}  // namespace startle::cases
