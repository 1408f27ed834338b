#pragma once
// By which cases each defect shows on the wire, to `serve`; and those that do not, and why.

#include <map>
#include <string>
#include <vector>

namespace startle::cases {

// The ids of cases, or of certificates.
const std::map<std::string, std::vector<std::string>>& seen_by_case();
const std::map<std::string, std::string>& unseen_by_serve();

}  // namespace startle::cases
