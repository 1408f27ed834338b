#pragma once
// What is odd about a user's name or a password as it stands in a file. No sentence quotes either.

#include <string>
#include <string_view>
#include <vector>

namespace startle::customer {

// Whether the value was cut out before the file was handed on: empty, "***", "xxxx",
// "***REMOVED***".
bool is_cut_out(std::string_view value);

// A sentence each, no full stop, such as "password ends with a blank: ..". `key` is the attribute.
// Nothing is said of one that is blank.
std::vector<std::string> credential_advice(std::string_view key, std::string_view value);

}  // namespace startle::customer
