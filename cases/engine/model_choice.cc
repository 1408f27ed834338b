#include "cases/engine/model_choice.h"

#include <algorithm>
#include <iterator>

#include "harness/oracle/identity_setting.h"

namespace startle::cases {

using words::TrustModel;

std::vector<TrustModel> models_for(words::Protocol protocol, const std::vector<TrustModel>& asked,
                                   const std::optional<std::string>& checkserveridentity) {
  std::vector<TrustModel> fitting;
  std::copy_if(asked.begin(), asked.end(), std::back_inserter(fitting),
               [&](TrustModel model) { return words::fits(model, protocol); });
  std::vector<TrustModel> chosen;
  for (const TrustModel model : asked.size() == 1 || fitting.empty() ? asked : fitting) {
    const TrustModel meant = oracle::with_identity_setting(model, checkserveridentity).model;
    if (std::find(chosen.begin(), chosen.end(), meant) == chosen.end()) chosen.push_back(meant);
  }
  return chosen;
}

}  // namespace startle::cases
