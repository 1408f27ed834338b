#pragma once
// By which trust models an exchange is judged, of those that a run is asked for.

#include <optional>
#include <string>
#include <vector>

#include "harness/words/words.h"

namespace startle::cases {

// Of several, those that fit the protocol; where none does, and one alone, as asked: whoever names
// a model wants to see it. Each as `checkserveridentity` of a customer's file has it (nullopt: it
// is not there; see with_identity_setting()). No doubles.
std::vector<words::TrustModel> models_for(
    words::Protocol protocol, const std::vector<words::TrustModel>& asked,
    const std::optional<std::string>& checkserveridentity = std::nullopt);

}  // namespace startle::cases
