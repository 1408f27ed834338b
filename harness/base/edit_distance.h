#pragma once
// How far one text is from another, for slips of the pen.

#include <cstddef>
#include <string_view>

namespace startle {

// How many octets have to be put in, taken away or replaced to make one of the other (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace startle
