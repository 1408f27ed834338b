#pragma once
// How far one text is from another, for slips of the pen.

#include <cstddef>
#include <string_view>

namespace startle {

// How many octets have to be put in, taken away or replaced to make one of the other (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);

// So many of them, where they are so few that `written` may be a slip of the pen for `meant`, a
// name of a host; 0: it is the same, or something else.
std::size_t slips(std::string_view meant, std::string_view written);

}  // namespace startle
